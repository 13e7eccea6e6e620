/** Kinds of relation, as dbt names them. */
export type RelationType =
  | 'table'
  | 'view'
  | 'cte'
  | 'materialized_view'
  | 'external'
  | 'ephemeral'
  | 'function'
  | 'pointer_table'
  | 'dynamic_table'

/** A relation of the warehouse by name; plain data. Rendering and quoting live with the dialect. */
export interface RelationName {
  readonly database: string | null
  readonly schema: string | null
  readonly identifier: string | null
}

export interface RelationInfo extends RelationName {
  readonly type: RelationType | null
}
