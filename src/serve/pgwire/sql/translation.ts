import type { MetricQuery, ProjectView } from '../../../query/index.js'
import type { Additivity } from '../relations/additivity.js'
import type { ServedRelations } from '../relations/served.js'
import type { Parameter } from '../values/parameters.js'
import type { Sql } from './sql-text.js'

/** What a statement is read with. */
export interface TranslationContext {
  readonly served: ServedRelations
  readonly searchPath: readonly string[]
  readonly dialect: ProjectView['dialect']
  /** The value of `$1`; undefined before values are bound: it is then written as a null. */
  parameter(number: number, location: number | undefined): Parameter | undefined
  /** `current_user` and its like; undefined when the name is no such value. */
  sessionValue(name: string): string | null | undefined
  /** Relations that stand for calls of `semantic_layer`, by the name that was put in their place. */
  readonly calls: ReadonlyMap<string, CallRelation>
}

export interface CallRelation {
  readonly sql: Sql
  readonly columns: readonly OutputColumn[] | null
  /** When the call is the whole statement, it can be asked as it is. */
  readonly query: MetricQuery | null
}

/** A column that a sub-select gives. */
export interface OutputColumn {
  readonly name: string
  /** The metric whose value it is, and how such values may be put together; null for everything else. */
  readonly metric: { readonly name: string; readonly additivity: Additivity } | null
}

/** A select, written for the warehouse. */
export interface Translated {
  readonly sql: Sql
  /** Null when only the warehouse knows them. */
  readonly columns: readonly OutputColumn[] | null
  /** The same as a question of metrics alone: which of its columns in which order, under which names. */
  readonly pure: PureMetrics | null
}

export interface PureMetrics {
  readonly query: MetricQuery
  readonly take: readonly number[]
  readonly names: readonly string[]
}
