import type { JsonObject, UniqueId } from './node-parts.js'
import type {
  DocNode,
  Exposure,
  FunctionNode,
  GraphNode,
  GroupNode,
  MacroNode,
  ManifestNode,
  MetricNode,
  SavedQueryNode,
  SemanticModelNode,
  SourceDefinition,
  UnitTestDefinition,
} from './nodes.js'

export interface ManifestMetadata {
  dbt_schema_version: string
  dbt_version: string
  generated_at: string
  invocation_id: string
  invocation_started_at: string
  env: Record<string, string>
  project_name: string
  project_id: string
  user_id: string | null
  send_anonymous_usage_stats: boolean
  adapter_type: string
  quoting: { database: boolean; schema: boolean; identifier: boolean; column: boolean | null }
  run_started_at: string
}

/**
 * The whole project, parsed and resolved: exactly the shape of manifest.json v12, so there is no mapping that could
 * drift. Insertion order of the records is parse order.
 */
export interface Manifest {
  metadata: ManifestMetadata
  nodes: Record<UniqueId, ManifestNode>
  sources: Record<UniqueId, SourceDefinition>
  macros: Record<UniqueId, MacroNode>
  docs: Record<UniqueId, DocNode>
  exposures: Record<UniqueId, Exposure>
  metrics: Record<UniqueId, MetricNode>
  groups: Record<UniqueId, GroupNode>
  selectors: Record<string, JsonObject>
  /** Disabled resources by id; several files may have declared the same one. */
  disabled: Record<UniqueId, GraphNode[]>
  parent_map: Record<UniqueId, UniqueId[]>
  child_map: Record<UniqueId, UniqueId[]>
  group_map: Record<string, UniqueId[]>
  saved_queries: Record<UniqueId, SavedQueryNode>
  semantic_models: Record<UniqueId, SemanticModelNode>
  unit_tests: Record<UniqueId, UnitTestDefinition>
  functions: Record<UniqueId, FunctionNode>
}

/** The resource with this id, whichever section it stands in. */
export function findResource(manifest: Manifest, id: UniqueId): GraphNode | undefined {
  return (
    manifest.nodes[id] ??
    manifest.sources[id] ??
    manifest.exposures[id] ??
    manifest.metrics[id] ??
    manifest.semantic_models[id] ??
    manifest.saved_queries[id] ??
    manifest.unit_tests[id] ??
    manifest.functions[id]
  )
}

/** Every resource of the graph (no macros, docs, groups), in manifest order. */
export function* allResources(manifest: Manifest): Generator<GraphNode> {
  const sections = [
    manifest.nodes,
    manifest.sources,
    manifest.functions,
    manifest.exposures,
    manifest.metrics,
    manifest.semantic_models,
    manifest.saved_queries,
    manifest.unit_tests,
  ]
  for (const section of sections) for (const id in section) yield section[id]!
}

/** `model orders (models/marts/orders.sql)`: how messages name a node. */
export function describeNode(node: { resource_type: string; name: string; original_file_path: string }): string {
  return `${node.resource_type.replace('_', ' ')} ${node.name} (${node.original_file_path})`
}
