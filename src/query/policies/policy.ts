import type { UniqueId } from '../../manifest/index.js'
import type { PredicateTemplate } from './predicate.js'

/** Whom a rule is for: members of one of the groups, or one of the users. `*` among the groups is everybody known. */
export interface Audience {
  readonly groups: readonly string[]
  readonly users: readonly string[]
}

/** What an audience may see. */
export interface Grant {
  readonly name: string
  readonly to: Audience
  readonly metrics: ReadonlySet<string>
  readonly models: ReadonlySet<UniqueId>
}

/** Rows of some tables that callers see: those for which the predicate holds. */
export interface RowFilter {
  readonly name: string
  readonly on: ReadonlySet<UniqueId>
  readonly predicate: PredicateTemplate
  /** Who sees all rows. */
  readonly unless: Audience
}

/** Columns whose values callers do not see, wherever those columns were carried to. */
export interface Mask {
  readonly name: string
  /** By table, the columns in lower case; `*` for all. */
  readonly columns: ReadonlyMap<UniqueId, ReadonlySet<string>>
  readonly form: MaskForm
  /** Who sees the values. */
  readonly unless: Audience
}

/** What is seen in place of a value: nothing, or (of text) stars. */
export type MaskForm = 'null' | 'stars'

/** All rules of a project, names resolved to resources. */
export interface PolicySet {
  readonly grants: readonly Grant[]
  readonly filters: readonly RowFilter[]
  readonly masks: readonly Mask[]
}
