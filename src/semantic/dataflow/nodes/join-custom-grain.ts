import { atBaseGrain, type TimeItem } from '../../group-by-item.js'
import type { NodeKind } from '../node-kind.js'
import type { DataflowNode, NodeBase, PlanBuilder } from '../plan.js'
import { asRows, extend, itemOf } from '../relation.js'
import { stepLabel } from '../step-label.js'
import { joinCustomGrain as joinSpine } from './read-spine.js'

/** The value of a custom grain beside each row, found by the row's time at the base grain. */
export interface JoinCustomGrainNode extends NodeBase {
  readonly kind: 'join-custom-grain'
  readonly input: DataflowNode
  readonly item: TimeItem
}

export function joinCustomGrain(builder: PlanBuilder, input: DataflowNode, item: TimeItem): JoinCustomGrainNode {
  return builder.node({ kind: 'join-custom-grain', input, item }, `${input.id}|${item.name}`)
}

export const joinCustomGrainKind: NodeKind<JoinCustomGrainNode> = {
  inputs: (node) => [node.input],
  withInputs: (node, [input], builder) => joinCustomGrain(builder, input!, node.item),
  describe: (node) => `look up ${node.item.name} in the time spine`,
  toSql: (node, context) => {
    const input = asRows(context.relation(node.input), stepLabel(node.input))
    const time = itemOf(input, atBaseGrain(node.item))
    const expr = joinSpine(input.select, time, node.item.grain!.name, context)
    return extend(input, { items: new Map([[node.item.name, expr]]) })
  },
}
