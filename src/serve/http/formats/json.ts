import type { Answer, AnswerColumn } from '../../../query/index.js'
import { jsonWriter } from './cell-text.js'
import type { AnswerFormat } from './format.js'

/** `{"columns": [...], "proof": {...}, "cached": ..., "rows": [[...]], "row_count": n}` */
export const json: AnswerFormat = {
  name: 'json',
  mediaType: 'application/json',
  extension: 'json',
  async *encode(answer) {
    const head = { columns: answer.columns.map(columnJson), proof: proofJson(answer), cached: answer.cached }
    yield `${JSON.stringify(head).slice(0, -1)},"rows":[`
    let rows = 0
    for await (const { rowCount, columns } of answer.batches) {
      let text = ''
      for (let row = 0; row < rowCount; row++) {
        text += rows++ === 0 ? '\n[' : ',\n['
        for (let at = 0; at < columns.length; at++) text += (at === 0 ? '' : ',') + jsonWriter(columns[at]!, row)
        text += ']'
      }
      yield text
    }
    yield `\n],"row_count":${rows}}\n`
  },
}

/** One JSON object a line. */
export const ndjson: AnswerFormat = {
  name: 'ndjson',
  mediaType: 'application/x-ndjson',
  extension: 'ndjson',
  async *encode({ columns: named, batches }) {
    const keys = named.map(({ name }, at) => `${at === 0 ? '{' : ','}${JSON.stringify(name)}:`)
    for await (const { rowCount, columns } of batches) {
      let text = ''
      for (let row = 0; row < rowCount; row++) {
        for (let at = 0; at < columns.length; at++) text += keys[at]! + jsonWriter(columns[at]!, row)
        text += '}\n'
      }
      yield text
    }
  },
}

function columnJson({ name, type, meaning }: AnswerColumn): object {
  return {
    name,
    type,
    ...(meaning === null
      ? {}
      : {
          role: meaning.role,
          of: meaning.of,
          grain: meaning.grain,
          date_part: meaning.datePart,
          label: meaning.label,
          description: meaning.description,
        }),
  }
}

/** The proof as it stands in JSON. */
export function proofJson({ proof }: Pick<Answer, 'proof'>): object {
  return {
    build_id: proof.buildId,
    built_at: proof.builtAt,
    fresh: proof.fresh,
    tested: proof.tested,
    failed_tests: proof.failedTests,
    nodes: proof.nodes.map((node) => ({
      unique_id: node.uniqueId,
      kind: node.kind,
      relation: node.relation,
      path: node.path,
      last_built: node.lastBuilt,
      status: node.status,
      freshness: node.freshness,
      tests: node.tests,
    })),
  }
}
