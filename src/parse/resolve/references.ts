import { checkAccess } from '../../context/access.js'
import { notFound, type ScopeSubject } from '../../context/index.js'
import { type Diagnostic, PlumbError } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import type {
  CompiledNode,
  Exposure,
  FunctionNode,
  GraphNode,
  ManifestNode,
  MetricNode,
  RefArgs,
  SavedQueryNode,
  SemanticModelNode,
  UniqueId,
} from '../../manifest/index.js'
import { attempt, blame, type ParseState } from '../state.js'
import { placeOfCall } from './place-of-call.js'

/** What names other resources. */
type Referring =
  | Exclude<ManifestNode, { resource_type: 'seed' }>
  | FunctionNode
  | Exposure
  | MetricNode
  | SemanticModelNode

/** Turns references by name into `depends_on.nodes`: sources, then refs. What is not there is an error. */
export async function resolveReferences(state: ParseState): Promise<void> {
  const { manifest } = state
  const nodes = Object.values(manifest.nodes).filter(
    (node): node is Exclude<ManifestNode, { resource_type: 'seed' }> => node.resource_type !== 'seed',
  )
  for (const node of nodes) await attempt(state, () => resolveSources(state, node))
  for (const exposure of Object.values(manifest.exposures)) {
    await attempt(state, () => resolveSources(state, exposure))
  }
  for (const node of nodes) await attempt(state, () => resolveRefs(state, node))
  for (const section of [manifest.exposures, manifest.metrics]) {
    for (const node of Object.values(section)) await attempt(state, () => resolveRefs(state, node))
  }
  for (const model of Object.values(manifest.semantic_models)) {
    await attempt(state, () => {
      resolveRefs(state, model)
      setRelation(state, model)
    })
  }
  for (const node of Object.values(manifest.functions)) await attempt(state, () => resolveRefs(state, node))
}

/** All that {@link resolveReferences} and its kin do, for one node whose neighbours are resolved already. */
export function resolveNode(state: ParseState, node: Exclude<ManifestNode, { resource_type: 'seed' }>): void {
  resolveSources(state, node)
  resolveRefs(state, node)
  resolveMetrics(state, node, node.metrics)
  resolveFunctions(state, node as CompiledNode)
}

/** References to metrics: of nodes, exposures, metrics and saved queries. */
export async function resolveMetricReferences(state: ParseState): Promise<void> {
  const { manifest } = state
  const referring = [
    ...Object.values(manifest.nodes).filter((node) => node.resource_type !== 'seed'),
    ...Object.values(manifest.exposures),
    ...Object.values(manifest.metrics),
  ] as Referring[]
  for (const node of referring) {
    if (!('metrics' in node) || node.metrics.length === 0) continue
    await attempt(state, () => resolveMetrics(state, node, node.metrics))
  }
  for (const query of Object.values(manifest.saved_queries)) {
    const metrics = (query.query_params['metrics'] as string[]).map((name) => [name])
    await attempt(state, () => resolveMetrics(state, query, metrics))
  }
}

/** Calls of user-defined functions. */
export async function resolveFunctionReferences(state: ParseState): Promise<void> {
  const { manifest } = state
  for (const node of [...Object.values(manifest.nodes), ...Object.values(manifest.functions)]) {
    if (!('functions' in node) || node.functions.length === 0) continue
    await attempt(state, () => resolveFunctions(state, node as CompiledNode))
  }
}

function resolveSources(state: ParseState, node: Referring): void {
  if (!('sources' in node)) return
  const { lookup } = state.session
  for (const [sourceName, table] of node.sources) {
    const found = lookup.source(sourceName, table, node.package_name)
    const name = `${sourceName}.${table}`
    if (found !== undefined && 'node' in found) depend(node, found.node.unique_id)
    else {
      missing(state, node, 'source', name, {
        disabled: found !== undefined,
        hint: found === undefined ? didYouMean(name, lookup.sourceNames()) : enableHint(found.disabled),
        literal: [sourceName, table],
      })
    }
  }
}

function resolveRefs(state: ParseState, node: Referring): void {
  const { lookup } = state.session
  for (const reference of node.refs) {
    const { name, package: packageName, version } = reference
    let found: ReturnType<typeof lookup.ref>
    try {
      found = lookup.ref(name, packageName, version, node.package_name, node.unique_id)
    } catch (error) {
      throw blame(error, node)
    }
    if (found === undefined || 'disabled' in found) {
      missing(state, node, 'node', name, {
        packageName,
        version,
        disabled: found !== undefined,
        hint: found === undefined ? didYouMean(name, lookup.refableNames()) : enableHint(found.disabled),
        literal: [name],
      })
      continue
    }
    const target = found.node
    try {
      checkAccess(node as ScopeSubject, target, state.project)
    } catch (error) {
      throw blame(withPlace(state, error, node, [name]), node)
    }
    warnOfRootReference(state, node, target, reference)
    depend(node, target.unique_id)
  }
}

function resolveMetrics(state: ParseState, node: Referring | SavedQueryNode, metrics: readonly string[][]): void {
  const { lookup } = state.session
  for (const args of metrics) {
    const name = args.at(-1)!
    const packageName = args.length === 2 ? args[0]! : null
    const found = lookup.metric(name, packageName, node.package_name)
    if (found !== undefined && 'node' in found) depend(node, found.node.unique_id)
    else {
      missing(state, node, 'metric', name, {
        packageName,
        disabled: found !== undefined,
        hint: found === undefined ? didYouMean(name, lookup.metricNames()) : enableHint(found.disabled),
        literal: [name],
      })
    }
  }
}

function resolveFunctions(state: ParseState, node: CompiledNode): void {
  const { lookup } = state.session
  for (const args of node.functions) {
    const name = args.at(-1)!
    const packageName = args.length === 2 ? args[0]! : null
    const found = lookup.function(name, packageName, node.package_name)
    if (found !== undefined && 'node' in found) depend(node, found.node.unique_id)
    else {
      missing(state, node as unknown as Referring, 'function', name, {
        packageName,
        disabled: found !== undefined,
        hint: found === undefined ? didYouMean(name, lookup.functionNames()) : enableHint(found.disabled),
        literal: [name],
      })
    }
  }
}

interface MissingDetails {
  readonly packageName?: string | null
  readonly version?: RefArgs['version']
  readonly disabled: boolean
  readonly hint: string | undefined
  /** Texts of the call, to find it in the file. */
  readonly literal: readonly string[]
}

/** A test is left out with a warning, anything else is an error. */
function missing(
  state: ParseState,
  node: Referring | SavedQueryNode,
  kind: 'node' | 'source' | 'metric' | 'function',
  name: string,
  details: MissingDetails,
): void {
  node.config = { ...node.config, enabled: false } as typeof node.config
  if (node.resource_type !== 'test') {
    const error = notFound(node as ScopeSubject, kind, name, details)
    throw blame(withPlace(state, error, node, details.literal), node)
  }
  const inPackage = details.packageName
    ? `in package '${details.packageName}' `
    : details.disabled
      ? ''
      : "in package '' "
  const message =
    `Test '${node.unique_id}' (${node.original_file_path}) depends on a ${kind} named '${name}' ${inPackage}which ` +
    (details.disabled ? 'is disabled' : 'was not found')
  const data = {
    original_file_path: node.original_file_path,
    unique_id: node.unique_id,
    resource_type_title: 'Test',
    target_name: name,
    target_kind: kind,
    target_package: details.packageName ?? '',
  }
  const more = { nodeId: node.unique_id, ...(details.hint === undefined ? {} : { hint: details.hint }) }
  if (!details.disabled) {
    state.warnings.warn('NodeNotFoundOrDisabled', message, { ...more, data: { ...data, disabled: 'False' } })
  } else if (kind === 'node' || kind === 'function') {
    state.warnings.debug('InvalidDisabledTargetInTestNode', message, { ...more, data })
  } else state.warnings.warn('InvalidDisabledTargetInTestNode', message, { ...more, data })
}

function withPlace(state: ParseState, error: unknown, node: GraphNode, literal: readonly string[]): unknown {
  if (!(error instanceof PlumbError)) return error
  const at = placeOfCall(state, node, literal)
  if (at === undefined) return error
  return new PlumbError(
    error.diagnostics.map((d): Diagnostic => ({ ...d, at })),
    error.cause,
  )
}

function enableHint(disabled: GraphNode): string {
  return `enable it: ${disabled.original_file_path} or dbt_project.yml disables it`
}

function depend(node: { depends_on: { nodes: UniqueId[]; macros: (UniqueId | null)[] } }, id: UniqueId): void {
  const { nodes, macros } = node.depends_on
  if (nodes.includes(id)) return
  if (Object.isFrozen(nodes)) node.depends_on = { macros, nodes: [id] }
  else nodes.push(id)
}

function warnOfRootReference(state: ParseState, node: Referring, target: ManifestNode, reference: RefArgs): void {
  if (state.flags.behavior['require_ref_searches_node_package_before_root'] === true) return
  const root = state.project.root.name
  if (node.package_name === root || target.package_name !== root || reference.package === root) return
  const message =
    `The node '${node.name}'in package '${node.package_name}' depends on the root project node '${target.unique_id}'.` +
    'This may lead to unexpected cycles downstream. Please set the ' +
    "'require_ref_prefers_node_package_to_root' behavior change flag to True to avoid this issue." +
    'For more information, see the documentation at ' +
    'https://docs.getdbt.com/reference/global-configs/behavior-changes#require_ref_prefers_node_package_to_root'
  state.warnings.warn('PackageNodeDependsOnRootProjectNode', message, {
    nodeId: node.unique_id,
    data: { node_name: node.name, package_name: node.package_name, root_project_unique_id: target.unique_id },
  })
}

/** A semantic model knows the relation of its model; only now are all names final. */
function setRelation(state: ParseState, model: SemanticModelNode): void {
  const target = state.manifest.nodes[model.depends_on.nodes[0] ?? '']
  if (target === undefined) return
  model.node_relation = {
    alias: target.alias,
    schema_name: target.schema,
    database: target.database,
    relation_name: target.relation_name ?? '',
  }
}
