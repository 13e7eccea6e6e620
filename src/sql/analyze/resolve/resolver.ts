import type { Relation, Shape } from './relation.js'
import type { Scope } from './scope.js'
import type { Sources, Use } from './sources.js'
import type { TableSchema } from './table-schema.js'

/** One statement being resolved: what its parts need of each other, and what is gathered on the way. */
export interface Resolver {
  readonly dialect: string
  readonly schema: TableSchema
  /** CTEs that count as tables, by lower-case name. */
  readonly boundaries: ReadonlyMap<string, string>
  /** Columns that decide which rows there are, anywhere in the statement. */
  readonly rows: Sources
  /** Keys of the tables read; whether the schema has them. */
  readonly tables: Map<string, boolean>
  readonly notes: Set<string>
  /** What the columns of tables are made of, themselves, by the table's key: made once for all who read it. */
  readonly ofTables: Map<string, readonly Sources[]>
  /** The text has a call of COLUMNS() somewhere. */
  readonly callsColumns: boolean
  /** Texts of what decides rows, when fingerprints are wanted; else undefined. */
  readonly clauses: Set<string> | undefined
  note(text: string): void
  /** A query of any form: `select`, set operations, `values`, `pivot`. */
  query(node: unknown, outer: Scope | null): Shape
  /** Adds what an expression is made of. */
  expression(node: unknown, scope: Scope, into: Sources, use: Use): void
  /** Something in FROM. The scope holds what stands to its left. */
  relation(node: unknown, scope: Scope): Relation
}
