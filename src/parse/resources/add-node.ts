import { diagnostic } from '../../core/diagnostic.js'
import type { SourceSpan } from '../../core/source-span.js'
import type { GraphNode, ManifestNode } from '../../manifest/index.js'
import { duplicateMessage } from '../checks/duplicates.js'
import type { ParseState } from '../state.js'

/** Adds a node to the manifest, or to its disabled resources. A second node of the same id is an error at `place`. */
export function addNode(state: ParseState, node: ManifestNode, place?: () => SourceSpan): void {
  if (!node.config.enabled) {
    addDisabled(state, node)
    return
  }
  const { nodes } = state.manifest
  const other = nodes[node.unique_id]
  if (other !== undefined) {
    reportDuplicate(state, node, other, place?.())
    return
  }
  nodes[node.unique_id] = node
  state.names.add(node)
}

/** Several disabled resources may have one id. */
export function addDisabled(state: ParseState, node: GraphNode): void {
  const { disabled } = state.manifest
  const known = disabled[node.unique_id]
  if (known === undefined) disabled[node.unique_id] = [node]
  else known.push(node)
  state.names.addDisabled(node)
}

type Section = 'exposures' | 'metrics' | 'semantic_models' | 'saved_queries' | 'unit_tests' | 'functions'

/** Adds a resource that is no node to its section of the manifest, or to the disabled ones. */
export function addResource<S extends Section>(state: ParseState, section: S, resource: GraphNode): void {
  if (!resource.config.enabled) {
    addDisabled(state, resource)
    return
  }
  const table = state.manifest[section] as Record<string, GraphNode>
  const other = table[resource.unique_id]
  if (other !== undefined) reportDuplicate(state, resource, other)
  else table[resource.unique_id] = resource
}

/** Notes that two resources have one id. */
export function reportDuplicate(state: ParseState, first: GraphNode, second: GraphNode, at?: SourceSpan): void {
  state.bag.add(
    diagnostic('compilation', 'duplicate-resource', duplicateMessage(first, second), {
      nodeId: first.unique_id,
      at,
      hint: 'rename one of them, or disable it: `enabled: false` in its config',
    }),
  )
}
