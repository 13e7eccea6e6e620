import { findResource } from '../../../manifest/index.js'
import type { Answer, MetricQuery, QueryService, Question } from '../../../query/index.js'
import { OWNER } from '../../../query/index.js'
import { buildRelations } from '../relations/build-relations.js'
import type { ItemColumn, MetricTable, ModelTable, ServedRelations } from '../relations/served.js'
import { OID, type PgType, pgType, TEXT, typeOfColumn } from '../values/pg-types.js'
import type { DescribedColumn, DescribedTable } from './definitions.js'

/** Everything served, with the types that the warehouse gives the columns. No rows are read. */
export async function describeTables(
  service: QueryService,
): Promise<{ readonly served: ServedRelations; readonly tables: readonly DescribedTable[] }> {
  const served = buildRelations(service, OWNER)
  const types = new MetricTypes(service)
  const tables: DescribedTable[] = []
  // The table of all metrics comes after the semantic models, whose types it shares.
  for (const table of served.tables) {
    tables.push(table.kind === 'model' ? await describeModel(table, service) : await types.describe(table))
  }
  return { served, tables }
}

async function emptyAnswer(question: Question, service: QueryService): Promise<Answer['columns'] | null> {
  try {
    const answer = await service.ask(question, OWNER, { door: 'pgwire', cache: false })
    await answer.close()
    return answer.columns
  } catch {
    // Not built, or not to be asked together: it is described without the warehouse.
    return null
  }
}

async function describeModel(table: ModelTable, service: QueryService): Promise<DescribedTable> {
  const columns = await emptyAnswer(
    { kind: 'sql', parts: ['SELECT * FROM ', { model: table.id }, ' AS t LIMIT 0'] },
    service,
  )
  const node = findResource(service.project.manifest, table.id)
  const documented =
    node !== undefined && 'columns' in node
      ? Object.values(node.columns as Record<string, { name: string; data_type?: string | null }>)
      : []
  const known = columns ?? documented.map((column) => ({ name: column.name, type: column.data_type ?? 'text' }))
  const names = new Set(known.map((column) => column.name))
  const key = node !== undefined && 'primary_key' in node ? (node.primary_key as readonly string[]) : []
  return {
    table,
    columns: known.map(({ name, type }) => ({
      name,
      type: typeOfColumn(type),
      description: table.columnDescriptions[name],
    })),
    key: !table.isView && key.length > 0 && key.every((name) => names.has(name)) ? key : [],
  }
}

/** Types of metrics and of what they are grouped by; each is asked for once. */
class MetricTypes {
  readonly #service: QueryService
  readonly #items = new Map<string, PgType>()
  readonly #metrics = new Map<string, PgType>()

  constructor(service: QueryService) {
    this.#service = service
  }

  async describe(table: MetricTable): Promise<DescribedTable> {
    const listed = table.columns.filter((column) => column.listed)
    const items = listed.flatMap((column) => (column.role === 'metric' ? [] : [column]))
    const metrics = listed.flatMap((column) => (column.role === 'metric' ? [column.metric] : []))
    await this.#learn(
      items.filter((column) => !this.#items.has(keyOf(column))).map((column) => ({ key: keyOf(column), column })),
      metrics.filter((name) => !this.#metrics.has(name)),
    )
    const columns = listed.map((column): DescribedColumn => {
      const type = column.role === 'metric' ? this.#metrics.get(column.metric) : this.#items.get(keyOf(column))
      const fallback =
        column.role === 'metric' ? pgType(OID.float8) : column.role === 'time' ? pgType(OID.timestamp) : TEXT
      return { name: column.name, type: type ?? fallback, description: column.description }
    })
    return { table, columns, key: [] }
  }

  /** All at once where they go together, else one by one. */
  async #learn(items: readonly { key: string; column: ItemColumn }[], metrics: readonly string[]): Promise<void> {
    if (items.length === 0 && metrics.length === 0) return
    const groupBy = items.map(({ column }) => ({
      name: column.item,
      ...(column.role === 'time' ? { grain: column.grain ?? column.grains[0] ?? 'day' } : {}),
    }))
    const all = await this.#ask({ metrics, groupBy, limit: 0 })
    if (all !== null && all.length === items.length + metrics.length) {
      for (const [index, { key }] of items.entries()) this.#items.set(key, typeOfColumn(all[index]!.type))
      for (const [index, name] of metrics.entries())
        this.#metrics.set(name, typeOfColumn(all[items.length + index]!.type))
      return
    }
    for (const [index, { key }] of items.entries()) {
      const [column] = (await this.#ask({ groupBy: [groupBy[index]!], limit: 0 })) ?? []
      if (column !== undefined) this.#items.set(key, typeOfColumn(column.type))
    }
    for (const name of metrics) {
      const columns =
        (await this.#ask({ metrics: [name], limit: 0 })) ??
        (await this.#ask({ metrics: [name], groupBy: ['metric_time'], limit: 0 }))
      const column = columns?.at(-1)
      if (column !== undefined) this.#metrics.set(name, typeOfColumn(column.type))
    }
  }

  #ask(query: MetricQuery): Promise<Answer['columns'] | null> {
    return emptyAnswer({ kind: 'metrics', query }, this.#service)
  }
}

function keyOf(column: ItemColumn): string {
  return `${column.item}|${column.grain ?? ''}`
}
