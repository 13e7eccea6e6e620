import type { Answer, SqlPart } from '../../../query/index.js'
import type { HttpContext } from '../context.js'
import { jsonWriter } from '../formats/cell-text.js'
import { RequestFault } from '../problem.js'
import { findTable } from './resources.js'

/** Columns that are looked at; a table with more is looked at in part. */
const MOST_COLUMNS = 200

/** Types whose smallest and largest value say something. */
const ORDERED = /^(?:[a-z ]*int(?:eger)?\b|u?(?:tiny|small|big|huge)int|decimal|numeric|real|float|double|date|time)/i

/** A table counted now: rows, and of every column what is missing, how many values there are, and their ends. */
export function profileRoutes({ app, service, callerOf }: HttpContext): void {
  app.get('/api/v1/models/:id/profile', async (request) => {
    const caller = callerOf(request)
    const table = findTable(service, caller, request.params)
    const known = service.project.lineage.nodes.get(table.unique_id)?.columns ?? []
    const declared = Object.values(table.columns).map(({ name, data_type }) => ({ name, type: data_type ?? null }))
    const columns = (known.length > 0 ? known : declared).slice(0, MOST_COLUMNS)
    if (columns.length === 0) {
      throw new RequestFault(409, 'columns-unknown', `The columns of ${table.name} are not known`, 'build it first')
    }
    const { quoteIdentifier } = service.project.dialect
    const asked = columns.map(({ name, type }) => ({
      name,
      quoted: quoteIdentifier(name),
      hasEnds: ORDERED.test(type ?? ''),
    }))
    const counts = asked.flatMap(({ quoted, hasEnds }) => [
      `count(${quoted})`,
      `count(DISTINCT ${quoted})`,
      ...(hasEnds ? [`CAST(min(${quoted}) AS VARCHAR)`, `CAST(max(${quoted}) AS VARCHAR)`] : []),
    ])
    const parts: SqlPart[] = [
      `SELECT ${['count(*)', ...counts].map((count, at) => `${count} AS c${at}`).join(', ')} FROM `,
      { model: table.unique_id },
      ' AS profiled',
    ]
    const answer = await service.ask({ kind: 'sql', parts }, caller, { door: 'http' })
    const values = await firstRow(answer)
    const rows = Number(values[0])
    let at = 1
    return {
      rows,
      columns: asked.map(({ name, hasEnds }) => {
        const filled = Number(values[at++])
        const distinct = Number(values[at++])
        const [least, most] = hasEnds ? [values[at++], values[at++]] : [null, null]
        return { name, missing: rows - filled, distinct, least, most }
      }),
    }
  })
}

async function firstRow(answer: Answer): Promise<unknown[]> {
  try {
    for await (const { rowCount, columns } of answer.batches) {
      if (rowCount > 0) return columns.map((vector) => JSON.parse(jsonWriter(vector, 0)) as unknown)
    }
    return []
  } finally {
    await answer.close()
  }
}
