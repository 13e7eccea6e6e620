/** The pieces that manifest nodes are made of, in manifest.json's own names (schema v12). */

/** e.g. `model.shop.orders`, `test.shop.unique_orders_id.1a2b3c4d5e`. */
export type UniqueId = string

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

export interface FileHash {
  name: 'sha256' | 'none' | 'path'
  checksum: string
}

export type NodeVersion = string | number

export interface RefArgs {
  name: string
  package: string | null
  version: NodeVersion | null
}

export interface MacroDependsOn {
  macros: UniqueId[]
}

export interface DependsOn {
  /** null stands for a macro that is not there: of a generic test that was removed but is still asked for. */
  macros: (UniqueId | null)[]
  nodes: UniqueId[]
}

export interface Docs {
  show: boolean
  node_color: string | null
}

export interface ColumnConstraint {
  type: 'check' | 'not_null' | 'unique' | 'primary_key' | 'foreign_key' | 'custom'
  name: string | null
  expression: string | null
  warn_unenforced: boolean
  warn_unsupported: boolean
  to: string | null
  to_columns: string[]
}

export interface ModelConstraint extends ColumnConstraint {
  columns: string[]
}

export interface ColumnInfo {
  name: string
  description: string
  meta: JsonObject
  data_type: string | null
  constraints: ColumnConstraint[]
  quote: boolean | null
  config: { meta: JsonObject; tags: string[]; [key: string]: Json }
  tags: string[]
  granularity: string | null
  doc_blocks: string[]
  [extra: string]: unknown
}

export interface InjectedCte {
  id: UniqueId
  sql: string
}

export interface ContractState {
  enforced: boolean
  alias_types: boolean
  checksum: string | null
}

export interface Quoting {
  database: boolean | null
  schema: boolean | null
  identifier: boolean | null
  column: boolean | null
}

export type TimePeriod = 'minute' | 'hour' | 'day'

export interface FreshnessTime {
  count: number | null
  period: TimePeriod | null
}

export interface FreshnessThreshold {
  warn_after: FreshnessTime | null
  error_after: FreshnessTime | null
  filter: string | null
}

export interface Hook {
  sql: string
  transaction: boolean
  index: number | null
}

export interface Owner {
  email: string | string[] | null
  name: string | null
  [extra: string]: unknown
}

/** What `--defer` puts in place of a node that was not built here. */
export interface DeferRelation {
  database: string | null
  schema: string
  alias: string
  relation_name: string | null
  resource_type: string
  name: string
  description: string
  compiled_code: string | null
  meta: JsonObject
  tags: string[]
  config: NodeConfig | null
}

/**
 * A node's configuration after inheritance. The named fields are dbt's; adapters and users add their own, so every
 * other key is allowed. Hooks stand under dbt's spelling with a dash.
 */
export interface NodeConfig {
  enabled: boolean
  alias?: string | null
  schema?: string | null
  database?: string | null
  tags: string[]
  meta: JsonObject
  group?: string | null
  materialized: string
  incremental_strategy?: string | null
  batch_size?: string | null
  lookback?: number
  begin?: string | null
  persist_docs?: { relation?: boolean; columns?: boolean }
  'post-hook'?: Hook[]
  'pre-hook'?: Hook[]
  quoting?: Partial<Quoting>
  column_types?: Record<string, string>
  full_refresh?: boolean | null
  unique_key?: string | string[] | null
  on_schema_change?: string | null
  on_configuration_change?: string
  grants?: Record<string, string[]>
  packages?: string[]
  docs?: Docs
  contract?: { enforced: boolean; alias_types: boolean }
  event_time?: string | null
  concurrent_batches?: boolean | null
  access?: string
  [extra: string]: unknown
}
