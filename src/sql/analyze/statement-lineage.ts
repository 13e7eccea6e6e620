/** How a statement uses a column. `copied` to `aggregated` make values, the others decide which rows there are. */
export type ColumnUse =
  | 'copied'
  | 'renamed'
  | 'computed'
  | 'aggregated'
  | 'filtered'
  | 'joined'
  | 'grouped'
  | 'partitioned'
  | 'ordered'

export interface UsedColumn {
  /** Key of the table, as the schema names it; the written name for tables the schema does not have. */
  readonly table: string
  /** As the schema spells it, where it has the column. */
  readonly column: string
  readonly use: ColumnUse
}

export interface OutputColumn {
  /** Null for an expression without a name, where the dialect's own naming is not known. */
  readonly name: string | null
  readonly sources: readonly UsedColumn[]
  /** Changes when the expression does, or that of a column it is made of inside the statement. */
  readonly print?: string
}

export interface ReadTable {
  readonly table: string
  /** False: nothing in the schema has this name. */
  readonly known: boolean
}

/** What one statement reads, and what its columns are made of. */
export interface StatementLineage {
  /** `table`: only `tables` could be found out; `none`: not even those. */
  readonly level: 'column' | 'table' | 'none'
  /** Why it is not `column`. */
  readonly reason: string | null
  readonly tables: readonly ReadTable[]
  readonly columns: readonly OutputColumn[]
  /** False: there are more columns than listed, from `*` over tables whose columns are not known. */
  readonly complete: boolean
  /** Columns that decide which rows come out and how they lie together. */
  readonly rows: readonly UsedColumn[]
  /** What could not be told for sure. */
  readonly notes: readonly string[]
  /** Changes when a filter, join, grouping or table does. */
  readonly rowsPrint?: string
}

export interface SchemaColumn {
  readonly name: string
  readonly type?: string | null | undefined
}

/** What is known of the tables a statement may read. */
export interface SchemaTable {
  /** How lineage names it: an id of the caller's choice. */
  readonly key: string
  /** Database, schema and name, as far as there are: `['dev', 'main', 'orders']`. */
  readonly name: readonly string[]
  /** Null: it is there, but nobody knows its columns. */
  readonly columns: readonly SchemaColumn[] | null
  /** It may have columns that are not listed. */
  readonly partial?: boolean | undefined
}

/** A statement, and what is to be known beforehand. */
export interface StatementToAnalyze {
  readonly id: string
  readonly sql: string
  /** CTEs that stand for tables of the schema, by name: what they are made of is not looked into. */
  readonly boundaries?: Readonly<Record<string, string>> | undefined
  /** Names of its columns in order, when the warehouse has said them. */
  readonly outputs?: readonly string[] | undefined
  /** Ask for `print` and `rowsPrint`. */
  readonly fingerprints?: boolean | undefined
}
