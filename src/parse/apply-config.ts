import { fail } from '../core/diagnostic.js'
import type { CompiledNode, JsonObject, NodeConfig, ParsedNode } from '../manifest/index.js'
import { keepEarlier, listify } from './config/merge.js'
import type { ConfigLayers } from './config/resolver.js'
import { SHARED } from './node-fields.js'
import { isDict } from './shape/shape.js'
import { blame, type ParseState } from './state.js'
import { addCaptured } from './templates/add-captured.js'
import { configAsWritten } from './templates/config-as-written.js'

const ACCESS = new Set<unknown>(['private', 'protected', 'public'])

/**
 * Gives a node its configuration from all layers, and what follows from it: tags, meta, group, access, docs and
 * contract of the node, database, schema, alias and relation, and what its hooks reference. Done once when its file is
 * read and again when a properties file says more.
 */
export async function applyNodeConfig(
  state: ParseState,
  node: ParsedNode,
  layers: ConfigLayers,
  /** The package whose dbt_project.yml counts: that of the file that speaks. */
  packageName = node.package_name,
): Promise<void> {
  try {
    await apply(state, node, layers, packageName)
  } catch (error) {
    throw blame(error, node)
  }
}

async function apply(state: ParseState, node: ParsedNode, given: ConfigLayers, packageName: string): Promise<void> {
  const layers = withPythonDefault(node, given)
  checkAccessValues(node, layers)
  const subject = { type: node.resource_type, packageName, fqn: node.fqn }
  const config = state.configs.resolve(subject, layers) as NodeConfig
  copyToNode(node, config)
  node.unrendered_config = state.configs.unrendered(subject, unrenderedLayers(state, node, layers)) as JsonObject
  node.config = keepEarlier(node.config, config)
  const named = state.namer.name(node, config)
  if (named !== undefined) await named
  if (node.resource_type !== 'test') await readHooks(state, node)
}

/** The layers for comparing states: with the code's own call as it is written, where the project asks for that. */
function unrenderedLayers({ flags }: ParseState, node: ParsedNode, layers: ConfigLayers): ConfigLayers {
  if (flags.behavior['state_modified_compare_more_unrendered_values'] !== true || layers.call === undefined)
    return layers
  if ((node as CompiledNode).language !== 'sql') return layers
  const call = configAsWritten(node.raw_code, node.original_file_path)
  return call === undefined ? layers : { ...layers, call }
}

/** A Python model is a table unless something says otherwise. */
function withPythonDefault(node: ParsedNode, layers: ConfigLayers): ConfigLayers {
  if (node.resource_type !== 'model' || (node as CompiledNode).language !== 'python') return layers
  if (layers.patch !== undefined && 'materialized' in layers.patch) return layers
  return { ...layers, patch: { ...layers.patch, materialized: 'table' } }
}

function checkAccessValues(node: ParsedNode, layers: ConfigLayers): void {
  if (node.resource_type !== 'model') return
  for (const layer of [layers.patch, layers.call]) {
    const access = layer?.['access']
    if (access !== undefined && access !== null && !ACCESS.has(access)) failAccess(node, access)
  }
}

/** @throws PlumbError: the value is no access modifier. */
export function failAccess(node: { unique_id: string }, value: unknown, materialization?: string): never {
  const how = materialization === undefined ? '' : `with '${materialization}' materialization `
  fail(
    'parsing',
    'access-invalid',
    `Node ${node.unique_id} ${how}has an invalid value (${String(value)}) for the access field`,
    { hint: materialization === undefined ? "one of 'private', 'protected', 'public'" : undefined },
  )
}

function copyToNode(node: ParsedNode, config: NodeConfig): void {
  const tags = listify(config.tags) as string[]
  const added = tags.filter((tag, i) => !node.tags.includes(tag) && tags.indexOf(tag) === i)
  if (added.length > 0) node.tags = [...node.tags, ...added]
  if (Object.keys(config.meta).length > 0) node.meta = config.meta
  if (config.group) node.group = config.group
  if (node.resource_type === 'model' && config.access) (node as ParsedNode & { access: string }).access = config.access
  const { docs, contract } = config
  if (isDict(docs)) {
    node.docs =
      docs.show === true && docs.node_color === null ? SHARED.docs : { show: docs.show, node_color: docs.node_color }
  }
  if (isDict(contract) && 'contract' in node) {
    const { enforced, alias_types } = contract as { enforced: boolean; alias_types: boolean }
    node.contract = !enforced && alias_types ? SHARED.contract : { enforced, alias_types, checksum: null }
  }
}

/** Hooks may reference nodes too: they are read like the node's own code. */
async function readHooks(state: ParseState, node: ParsedNode): Promise<void> {
  const before = node.config['pre-hook'] ?? []
  const after = node.config['post-hook'] ?? []
  for (const hook of [...before, ...after]) {
    const captured = state.templates.readHook(hook.sql, node)
    addCaptured(node, captured instanceof Promise ? await captured : captured)
  }
}
