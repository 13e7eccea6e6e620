import { diagnostic } from '../../core/diagnostic.js'
import { toStr, truthy, type Value } from '../../jinja/index.js'
import { describeNode, type NodeConfig } from '../../manifest/index.js'
import type { ParseState } from '../state.js'

/** Snapshots get their settings from several files: only now can be seen whether they are complete. */
export function checkSnapshots({ manifest, bag }: ParseState): void {
  for (const id in manifest.nodes) {
    const node = manifest.nodes[id]!
    if (node.resource_type !== 'snapshot') continue
    const message = faultOf(node.config)
    if (message === undefined) continue
    bag.add(diagnostic('validation', 'snapshot-config', message, { nodeId: id, subject: describeNode(node) }))
  }
}

function faultOf(config: NodeConfig): string | undefined {
  const { strategy, unique_key, check_cols, updated_at, materialized } = config as Readonly<Record<string, Value>>
  if (!truthy(strategy) || !truthy(unique_key)) {
    return "Snapshots must be configured with a 'strategy' and 'unique_key'."
  }
  if (strategy === 'check') {
    if (!truthy(check_cols)) {
      return 'A snapshot configured with the check strategy must specify a check_cols configuration.'
    }
    if (typeof check_cols === 'string' && check_cols !== 'all') {
      return `Invalid value for 'check_cols': ${toStr(check_cols)}. Expected 'all' or a list of strings.`
    }
  } else if (strategy === 'timestamp') {
    if (!truthy(updated_at)) {
      return 'A snapshot configured with the timestamp strategy must specify an updated_at configuration.'
    }
    if (truthy(check_cols)) return "A 'timestamp' snapshot should not have 'check_cols'"
  }
  if (truthy(materialized) && materialized !== 'snapshot') {
    return "A snapshot must have a materialized value of 'snapshot'"
  }
  return undefined
}
