import type { NodeKind } from './node-kind.js'
import { aggregateKind } from './nodes/aggregate.js'
import { combineKind } from './nodes/combine.js'
import { computeKind } from './nodes/compute.js'
import { conversionEventsKind } from './nodes/conversion-events.js'
import { crossSpineKind } from './nodes/cross-spine.js'
import { distinctKind } from './nodes/distinct.js'
import { filterKind } from './nodes/filter.js'
import { joinCustomGrainKind } from './nodes/join-custom-grain.js'
import { joinEntitiesKind } from './nodes/join-entities.js'
import { joinOverTimeKind } from './nodes/join-over-time.js'
import { joinToSpineKind } from './nodes/join-to-spine.js'
import { joinTotalsKind } from './nodes/join-totals.js'
import { minMaxKind } from './nodes/min-max.js'
import { offsetSpineKind } from './nodes/offset-spine.js'
import { outputKind } from './nodes/output.js'
import { readModelKind } from './nodes/read-model.js'
import { readSpineKind } from './nodes/read-spine.js'
import { reaggregateKind } from './nodes/reaggregate.js'
import { runningTotalKind } from './nodes/running-total.js'
import { semiAdditiveKind } from './nodes/semi-additive.js'
import { shareKind } from './nodes/share.js'
import { totalOverKind } from './nodes/total-over.js'
import type { DataflowNode } from './plan.js'

/** What the compiler knows about each kind of step: a new one is a file, a line here and one in `plan.ts`. */
export const nodeKinds: { readonly [K in DataflowNode['kind']]: NodeKind<Extract<DataflowNode, { kind: K }>> } = {
  'read-model': readModelKind,
  'read-spine': readSpineKind,
  'offset-spine': offsetSpineKind,
  'join-entities': joinEntitiesKind,
  'join-custom-grain': joinCustomGrainKind,
  filter: filterKind,
  'semi-additive': semiAdditiveKind,
  'join-over-time': joinOverTimeKind,
  'join-to-spine': joinToSpineKind,
  'running-total': runningTotalKind,
  'conversion-events': conversionEventsKind,
  aggregate: aggregateKind,
  compute: computeKind,
  combine: combineKind,
  reaggregate: reaggregateKind,
  'cross-spine': crossSpineKind,
  distinct: distinctKind,
  'min-max': minMaxKind,
  share: shareKind,
  'total-over': totalOverKind,
  'join-totals': joinTotalsKind,
  output: outputKind,
}

/** The kind of a step, typed for any step. */
export function kindOf(node: DataflowNode): NodeKind<DataflowNode> {
  return nodeKinds[node.kind] as unknown as NodeKind<DataflowNode>
}
