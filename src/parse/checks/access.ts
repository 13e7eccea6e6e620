import { failAccess } from '../apply-config.js'
import { blame, type ParseState } from '../state.js'

/** An ephemeral model has no relation that others could be given access to. */
export function checkAccessValues(state: ParseState): void {
  const { nodes } = state.manifest
  for (const id in nodes) {
    const node = nodes[id]!
    if (node.resource_type !== 'model' || node.access !== 'public' || node.config.materialized !== 'ephemeral') continue
    try {
      failAccess(node, node.access, node.config.materialized)
    } catch (error) {
      state.bag.capture(blame(error, node))
    }
  }
}
