import type { ManifestNode } from '../../manifest/index.js'
import { addDisabled } from '../resources/add-node.js'
import type { ParseState } from '../state.js'

/** Properties files may have disabled nodes, or enabled disabled ones: moves each to where it belongs now. */
export function settleDisabled(state: ParseState): void {
  const { nodes, disabled } = state.manifest
  for (const id in nodes) {
    const node = nodes[id]!
    if (node.config.enabled) continue
    delete nodes[id]
    state.names.remove(node, node.name)
    addDisabled(state, node)
  }
  for (const id in disabled) {
    const known = disabled[id]!
    const enabled = known.filter((node) => node.config.enabled)
    if (enabled.length === 0) continue
    delete disabled[id]
    for (const node of known) state.names.removeDisabled(node)
    for (const node of enabled as ManifestNode[]) {
      nodes[node.unique_id] = node
      state.names.add(node)
    }
  }
}
