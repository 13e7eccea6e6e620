import type {
  ColumnInfo,
  ContractState,
  DeferRelation,
  DependsOn,
  Docs,
  FileHash,
  FreshnessThreshold,
  InjectedCte,
  Json,
  JsonObject,
  MacroDependsOn,
  ModelConstraint,
  NodeConfig,
  NodeVersion,
  Owner,
  Quoting,
  RefArgs,
  UniqueId,
} from './node-parts.js'

export type ResourceType =
  | 'model'
  | 'seed'
  | 'snapshot'
  | 'test'
  | 'analysis'
  | 'operation'
  | 'sql_operation'
  | 'unit_test'
  | 'source'
  | 'exposure'
  | 'metric'
  | 'semantic_model'
  | 'saved_query'
  | 'function'
  | 'macro'
  | 'doc'
  | 'group'

export type Access = 'private' | 'protected' | 'public'

/** What every resource of the graph has. */
export interface GraphResource {
  name: string
  resource_type: ResourceType
  package_name: string
  /** Relative to the resource's own folder (`staging/stg_orders.sql`). */
  path: string
  /** Relative to the package root (`models/staging/stg_orders.sql`). */
  original_file_path: string
  unique_id: UniqueId
}

/** What stands in `manifest.nodes` has in common. */
export interface ParsedNode extends GraphResource {
  fqn: string[]
  database: string | null
  schema: string
  alias: string
  checksum: FileHash
  config: NodeConfig
  tags: string[]
  description: string
  columns: Record<string, ColumnInfo>
  meta: JsonObject
  group: string | null
  docs: Docs
  /** `<package>://<path of the properties file>` */
  patch_path: string | null
  build_path: string | null
  unrendered_config: JsonObject
  /** Seconds since the epoch. */
  created_at: number
  relation_name: string | null
  raw_code: string
  doc_blocks: string[]
}

/** A node with SQL that is rendered. */
export interface CompiledNode extends ParsedNode {
  language: string
  refs: RefArgs[]
  /** [source name, table name] */
  sources: [string, string][]
  /** [metric name] or [package, metric name] */
  metrics: string[][]
  functions: string[][]
  depends_on: DependsOn
  compiled_path: string | null
  compiled?: boolean
  compiled_code?: string | null
  extra_ctes_injected?: boolean
  extra_ctes?: InjectedCte[]
  contract: ContractState
}

export interface ModelNode extends CompiledNode {
  resource_type: 'model'
  access: Access
  constraints: ModelConstraint[]
  version: NodeVersion | null
  latest_version: NodeVersion | null
  deprecation_date: string | null
  defer_relation?: DeferRelation | null
  primary_key: string[]
  time_spine: TimeSpine | null
  /** Set while one batch of a microbatch model runs. */
  batch?: { id: string; event_time_start: unknown; event_time_end: unknown } | null
}

export interface TimeSpine {
  standard_granularity_column: string
  custom_granularities: { name: string; column_name: string | null }[]
}

export interface SeedNode extends ParsedNode {
  resource_type: 'seed'
  root_path: string | null
  depends_on: MacroDependsOn
  defer_relation?: DeferRelation | null
}

export interface SnapshotNode extends CompiledNode {
  resource_type: 'snapshot'
  defer_relation?: DeferRelation | null
}

export interface TestMetadata {
  name: string
  kwargs: JsonObject
  namespace: string | null
}

export interface GenericTestNode extends CompiledNode {
  resource_type: 'test'
  test_metadata: TestMetadata
  column_name: string | null
  file_key_name: string
  attached_node: UniqueId | null
}

export interface SingularTestNode extends CompiledNode {
  resource_type: 'test'
  test_metadata?: undefined
}

export type TestNode = GenericTestNode | SingularTestNode

export interface AnalysisNode extends CompiledNode {
  resource_type: 'analysis'
}

/** An on-run-start or on-run-end entry. */
export interface HookNode extends CompiledNode {
  resource_type: 'operation'
  index: number | null
}

/** SQL given on the command line (`--inline`). */
export interface SqlOperationNode extends CompiledNode {
  resource_type: 'sql_operation'
}

export interface FunctionArgument {
  name: string
  data_type: string
  description?: string | null
  default_value?: string | null
}

export interface FunctionNode extends CompiledNode {
  resource_type: 'function'
  arguments: FunctionArgument[]
  returns: { data_type: string; description?: string | null }
  /** Not part of the artifact. */
  defer_function?: DeferRelation | null
}

export type ManifestNode =
  | ModelNode
  | SeedNode
  | SnapshotNode
  | GenericTestNode
  | SingularTestNode
  | AnalysisNode
  | HookNode
  | SqlOperationNode

export interface SourceConfig {
  enabled: boolean
  event_time: string | null
  freshness: FreshnessThreshold | null
  loaded_at_field: string | null
  loaded_at_query: string | null
  meta: JsonObject
  tags: string[]
  [extra: string]: unknown
}

export interface SourceDefinition extends GraphResource {
  resource_type: 'source'
  fqn: string[]
  database: string | null
  schema: string
  source_name: string
  source_description: string
  loader: string
  identifier: string
  quoting: Quoting
  loaded_at_field: string | null
  loaded_at_query: string | null
  freshness: FreshnessThreshold | null
  external: JsonObject | null
  description: string
  columns: Record<string, ColumnInfo>
  meta: JsonObject
  source_meta: JsonObject
  tags: string[]
  config: SourceConfig
  patch_path: string | null
  unrendered_config: JsonObject
  relation_name: string | null
  created_at: number
  unrendered_database: string | null
  unrendered_schema: string | null
  doc_blocks: string[]
}

export interface Exposure extends GraphResource {
  resource_type: 'exposure'
  fqn: string[]
  type: 'dashboard' | 'notebook' | 'analysis' | 'ml' | 'application'
  owner: Owner
  description: string
  label: string | null
  maturity: 'low' | 'medium' | 'high' | null
  meta: JsonObject
  tags: string[]
  config: { enabled: boolean; tags: string[]; meta: JsonObject; [extra: string]: unknown }
  unrendered_config: JsonObject
  url: string | null
  depends_on: DependsOn
  refs: RefArgs[]
  sources: [string, string][]
  metrics: string[][]
  created_at: number
}

/** Metric, semantic model and saved query: shaped by dbt_semantic_interfaces; `src/semantic` knows their insides. */
export interface MetricNode extends GraphResource {
  resource_type: 'metric'
  fqn: string[]
  description: string
  label: string
  type: 'simple' | 'ratio' | 'cumulative' | 'derived' | 'conversion'
  type_params: JsonObject
  filter: Json
  metadata: Json
  time_granularity: string | null
  meta: JsonObject
  tags: string[]
  config: { enabled: boolean; group: string | null; meta: JsonObject; tags?: string[]; [extra: string]: unknown }
  unrendered_config: JsonObject
  sources: [string, string][]
  depends_on: DependsOn
  refs: RefArgs[]
  metrics: string[][]
  created_at: number
  group: string | null
}

export interface SemanticModelNode extends GraphResource {
  resource_type: 'semantic_model'
  fqn: string[]
  /** As written: `ref('orders')`. */
  model: string
  node_relation: { alias: string; schema_name: string; database: string | null; relation_name: string } | null
  description: string | null
  label: string | null
  defaults: JsonObject | null
  entities: JsonObject[]
  measures: JsonObject[]
  dimensions: JsonObject[]
  metadata: Json
  depends_on: DependsOn
  refs: RefArgs[]
  created_at: number
  config: { enabled: boolean; group: string | null; meta: JsonObject; tags?: string[]; [extra: string]: unknown }
  unrendered_config: JsonObject
  primary_entity: string | null
  group: string | null
}

export interface SavedQueryNode extends GraphResource {
  resource_type: 'saved_query'
  fqn: string[]
  query_params: JsonObject
  exports: JsonObject[]
  description: string | null
  label: string | null
  metadata: Json
  config: {
    enabled: boolean
    group: string | null
    meta: JsonObject
    export_as: string | null
    schema: string | null
    cache: JsonObject
    [extra: string]: unknown
  }
  unrendered_config: JsonObject
  group: string | null
  depends_on: DependsOn
  created_at: number
  refs: RefArgs[]
  tags: string[]
}

export interface UnitTestDefinition extends GraphResource {
  resource_type: 'unit_test'
  fqn: string[]
  model: string
  given: { input: string; rows: Json; format: 'dict' | 'csv' | 'sql'; fixture: string | null }[]
  expect: { rows: Json; format: 'dict' | 'csv' | 'sql'; fixture: string | null }
  description: string
  overrides: { macros: JsonObject; vars: JsonObject; env_vars: JsonObject } | null
  depends_on: DependsOn
  config: { enabled: boolean; tags: string[]; meta: JsonObject; [extra: string]: unknown }
  checksum: string | null
  schema: string | null
  created_at: number
  versions: { include: NodeVersion[] | null; exclude: NodeVersion[] | null } | null
  version: NodeVersion | null
}

export interface MacroNode extends GraphResource {
  resource_type: 'macro'
  macro_sql: string
  depends_on: MacroDependsOn
  description: string
  meta: JsonObject
  docs: Docs
  config: { meta: JsonObject; docs: Docs }
  patch_path: string | null
  arguments: { name: string; type: string | null; description: string }[]
  created_at: number
  supported_languages: string[] | null
}

export interface DocNode {
  name: string
  resource_type: 'doc'
  package_name: string
  path: string
  original_file_path: string
  unique_id: UniqueId
  block_contents: string
}

export interface GroupNode extends GraphResource {
  resource_type: 'group'
  owner: Owner
  description: string | null
  config: { meta: JsonObject }
}

/** Anything that can stand in the graph: what selection picks from. */
export type GraphNode =
  | ManifestNode
  | FunctionNode
  | SourceDefinition
  | Exposure
  | MetricNode
  | SemanticModelNode
  | SavedQueryNode
  | UnitTestDefinition
