import type { NodeKind } from '../node-kind.js'
import type { DataflowNode, NodeBase, PlanBuilder } from '../plan.js'

/** A step whose result is used in several places and computed once. */
export interface ShareNode extends NodeBase {
  readonly kind: 'share'
  readonly input: DataflowNode
  readonly label: string
}

export function share(builder: PlanBuilder, input: DataflowNode, label: string): ShareNode {
  return builder.node({ kind: 'share', input, label }, `${input.id}`)
}

export const shareKind: NodeKind<ShareNode> = {
  inputs: (node) => [node.input],
  withInputs: (node, [input], builder) => share(builder, input!, node.label),
  describe: (node) => `keep as ${node.label}, for several uses`,
  // Each use selects from the same common table; the context keeps it.
  toSql: (node, context) => context.shared(node),
}
