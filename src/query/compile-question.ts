import { diagnostic, fail, PlumbError } from '../core/diagnostic.js'
import { didYouMean } from '../core/did-you-mean.js'
import { findResource, type UniqueId } from '../manifest/index.js'
import type { CompiledColumn, MetricQuery } from '../semantic/index.js'
import { asOwner } from './as-owner.js'
import type { Survey } from './ground.js'
import { type CallerRules, narrowedRelation, type Predicate } from './policies/rules.js'
import type { Caller, Question } from './types.js'

/** A question as one statement for the warehouse. */
export interface CompiledQuestion {
  readonly sql: string
  readonly bindings: readonly unknown[] | undefined
  /** Of a metrics question, in the answer's order; empty for SQL, whose columns the door names. */
  readonly columns: readonly CompiledColumn[]
  /** Models, seeds, snapshots and sources that are read. */
  readonly reads: ReadonlySet<UniqueId>
  /** What the caller's rules made of it. */
  readonly predicates: readonly Predicate[]
}

/**
 * Writes the statement for a question as this caller may ask it: every table that is read is there as the caller may
 * see it.
 * @throws PlumbError with everything that is wrong with the question, or not for this caller.
 */
export async function compileQuestion(question: Question, caller: Caller, ground: Survey): Promise<CompiledQuestion> {
  for (;;) {
    const writer = new Writer(caller, ground)
    const compiled = writer.question(question)
    if (writer.missing.size === 0) return compiled
    for (const id of writer.missing) await describe(id, ground)
  }
}

/** The columns of a table, from the warehouse. */
async function describe(id: UniqueId, ground: Survey): Promise<void> {
  const connection = await ground.adapter.connect('describe')
  try {
    const columns = await ground.adapter.introspect.describeQuery(connection, `select * from ${relationOf(id, ground)}`)
    ground.columns.set(id, columns)
  } finally {
    await connection.release()
  }
}

class Writer {
  readonly reads = new Set<UniqueId>()
  readonly predicates = new Map<string, Predicate>()
  /** Tables whose columns have to be known first. */
  readonly missing = new Set<UniqueId>()
  readonly #caller: Caller
  readonly #ground: Survey
  readonly #rules: CallerRules

  constructor(caller: Caller, ground: Survey) {
    this.#caller = caller
    this.#ground = ground
    this.#rules = ground.rules(caller)
  }

  question(question: Question): CompiledQuestion {
    const { reads } = this
    if (question.kind === 'metrics') {
      const { sql, columns } = this.#metrics(question.query)
      return { sql, columns, bindings: undefined, reads, predicates: [...this.predicates.values()] }
    }
    const sql = question.parts
      .map((part) => {
        if (typeof part === 'string') return part
        return 'metrics' in part ? `(\n${this.#metrics(part.metrics).sql}\n)` : this.#table(part.model)
      })
      .join('')
    return { sql, bindings: question.bindings, columns: [], reads, predicates: [...this.predicates.values()] }
  }

  #metrics(query: MetricQuery) {
    const engine = this.#ground.engine()
    if (this.#caller.owner) {
      return asOwner(query, (asked) => engine.compile(asked, (table) => this.#relation(table.relation)))
    }
    const compiled = this.#asCaller(() =>
      engine.compile({ ...query, trusted: false }, ({ relation, origin }) => {
        const withMetrics = (query.metrics?.length ?? 0) > 0 || query.savedQuery !== undefined
        const id = this.#ground.byRelation.get(relation)
        if (id === undefined || !this.#rules.reaches(id))
          refuse(`This question reads ${relation}, which is not for you`)
        if (origin?.kind !== 'time-spine' && !withMetrics && !this.#rules.seesTable(id)) {
          refuse('Without a metric that you may see, the values of this dimension are not for you')
        }
        return this.#relation(relation)
      }),
    )
    for (const name of compiled.metrics) if (!this.#rules.seesMetric(name)) throw this.#noSuchMetric(name)
    return compiled
  }

  /** What is hidden from a caller is not there: faults must not name it either. */
  #asCaller<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof PlumbError)) throw error
      throw new PlumbError(
        error.diagnostics.map((found) => {
          if (found.code !== 'metric-not-found') return found
          const name = /'([^']*)'/.exec(found.message)?.[1] ?? ''
          return { ...found, hint: didYouMean(name, this.#rules.visible.metrics) }
        }),
      )
    }
  }

  #noSuchMetric(name: string): PlumbError {
    return new PlumbError(
      diagnostic('semantic', 'metric-not-found', `There is no metric '${name}'.`, {
        hint: didYouMean(name, this.#rules.visible.metrics),
      }),
    )
  }

  #table(id: UniqueId): string {
    const node = findResource(this.#ground.manifest, id)
    if (node === undefined || !this.#rules.seesTable(id)) return noSuchTable(id)
    const text = this.#relation(relationOf(id, this.#ground), id)
    return text.startsWith('(') ? text : `(SELECT * FROM ${text})`
  }

  /** The relation as the caller sees it. */
  #relation(relation: string, id = this.#ground.byRelation.get(relation)): string {
    if (id === undefined) return relation
    this.reads.add(id)
    const narrowing = this.#rules.narrowing(id)
    if (narrowing === undefined) return relation
    for (const each of narrowing.filters) this.predicates.set(`${each.policy} ${each.relation}`, each)
    for (const [column, { form, policy }] of narrowing.masked) {
      const what = column === '*' ? 'every column' : column
      const predicate = `${what} masked as ${form === 'null' ? 'no value' : '***'}`
      this.predicates.set(`${policy} ${relation} ${column}`, { relation, policy, predicate })
    }
    const columns = this.#ground.columns.get(id)
    if (narrowing.masked.size > 0 && columns === undefined) this.missing.add(id)
    return narrowedRelation(relation, narrowing, columns, this.#ground.adapter.plugin.dialect)
  }
}

function refuse(message: string): never {
  fail('semantic', 'not-permitted', message, { hint: 'who owns the project can grant it in policies.yml' })
}

function noSuchTable(id: UniqueId): never {
  fail('semantic', 'no-such-model', `There is no table '${id}' in the project.`)
}

function relationOf(id: UniqueId, ground: Survey): string {
  const node = findResource(ground.manifest, id)
  const relation = node !== undefined && 'relation_name' in node ? node.relation_name : null
  return relation ?? noSuchTable(id)
}
