import { fail } from '../core/diagnostic.js'
import { findResource, type UniqueId } from '../manifest/index.js'
import type { CompiledColumn, MetricQuery } from '../semantic/index.js'
import type { Survey } from './ground.js'
import type { Caller, Question } from './types.js'

/** A question as one statement for the warehouse. */
export interface CompiledQuestion {
  readonly sql: string
  readonly bindings: readonly unknown[] | undefined
  /** Of a metrics question, in the answer's order; empty for SQL, whose columns the door names. */
  readonly columns: readonly CompiledColumn[]
  /** Models, seeds, snapshots and sources that are read. */
  readonly reads: ReadonlySet<UniqueId>
}

/** @throws PlumbError with everything that is wrong with the question. */
export function compileQuestion(question: Question, caller: Caller, ground: Survey): CompiledQuestion {
  const reads = new Set<UniqueId>()
  const metrics = (query: MetricQuery) => {
    const compiled = ground.engine().compile(caller.owner ? query : { ...query, trusted: false }, (table) => {
      const id = ground.byRelation.get(table.relation)
      if (id !== undefined) reads.add(id)
      return table.relation
    })
    return compiled
  }
  if (question.kind === 'metrics') {
    const { sql, columns } = metrics(question.query)
    return { sql, columns, bindings: undefined, reads }
  }
  const sql = question.parts
    .map((part) => {
      if (typeof part === 'string') return part
      if ('metrics' in part) return `(\n${metrics(part.metrics).sql}\n)`
      reads.add(part.model)
      return `(SELECT * FROM ${relationOf(part.model, ground)})`
    })
    .join('')
  return { sql, bindings: question.bindings, columns: [], reads }
}

function relationOf(id: UniqueId, ground: Survey): string {
  const node = findResource(ground.manifest, id)
  const relation = node !== undefined && 'relation_name' in node ? node.relation_name : null
  if (relation === null || relation === undefined) {
    fail('semantic', 'no-such-model', `There is no table '${id}' in the project.`)
  }
  return relation
}
