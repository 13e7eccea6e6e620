import type { DeferRelation, FunctionNode, Manifest, ManifestNode, NodeConfig, UniqueId } from '../manifest/index.js'

/**
 * The relations of another state that can stand in for resources of this project: of every model, seed, snapshot and
 * function that is in both. Whether one does is decided when it is referred to (dbt's rule: the resource is not
 * selected and `--favor-state` was given, or its relation is not there).
 */
export function deferredRelations(manifest: Manifest, other: Manifest): Map<UniqueId, DeferRelation> {
  const deferred = new Map<UniqueId, DeferRelation>()
  for (const node of Object.values(other.nodes)) {
    if (!RELATIONS.has(node.resource_type) || node.config.materialized === 'ephemeral') continue
    if (node.unique_id in manifest.nodes) deferred.set(node.unique_id, relationOf(node))
  }
  for (const node of Object.values(other.functions)) {
    if (node.unique_id in manifest.functions) deferred.set(node.unique_id, relationOf(node))
  }
  return deferred
}

const RELATIONS: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot'])

function relationOf(node: ManifestNode | FunctionNode): DeferRelation {
  return {
    database: node.database,
    schema: node.schema,
    alias: node.alias,
    relation_name: node.relation_name,
    resource_type: node.resource_type,
    name: node.name,
    description: node.description,
    compiled_code: node.resource_type === 'seed' ? null : (node.compiled_code ?? null),
    meta: node.meta,
    tags: node.tags,
    config: node.config satisfies NodeConfig,
  }
}
