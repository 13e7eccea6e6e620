import type { AggregateNode } from './nodes/aggregate.js'
import type { CombineNode } from './nodes/combine.js'
import type { ComputeNode } from './nodes/compute.js'
import type { ConversionEventsNode } from './nodes/conversion-events.js'
import type { CrossSpineNode } from './nodes/cross-spine.js'
import type { DistinctNode } from './nodes/distinct.js'
import type { FilterNode } from './nodes/filter.js'
import type { JoinCustomGrainNode } from './nodes/join-custom-grain.js'
import type { JoinEntitiesNode } from './nodes/join-entities.js'
import type { JoinOverTimeNode } from './nodes/join-over-time.js'
import type { JoinToSpineNode } from './nodes/join-to-spine.js'
import type { JoinTotalsNode } from './nodes/join-totals.js'
import type { MinMaxNode } from './nodes/min-max.js'
import type { OffsetSpineNode } from './nodes/offset-spine.js'
import type { OutputNode } from './nodes/output.js'
import type { ReadModelNode } from './nodes/read-model.js'
import type { ReadSpineNode } from './nodes/read-spine.js'
import type { ReaggregateNode } from './nodes/reaggregate.js'
import type { RunningTotalNode } from './nodes/running-total.js'
import type { SemiAdditiveNode } from './nodes/semi-additive.js'
import type { ShareNode } from './nodes/share.js'
import type { TotalOverNode } from './nodes/total-over.js'

/** The steps from tables to an answer, as data. Inputs come before what is made of them; a step may be used twice. */
export type DataflowNode =
  | ReadModelNode
  | ReadSpineNode
  | OffsetSpineNode
  | JoinEntitiesNode
  | JoinCustomGrainNode
  | FilterNode
  | SemiAdditiveNode
  | JoinOverTimeNode
  | JoinToSpineNode
  | RunningTotalNode
  | ConversionEventsNode
  | AggregateNode
  | ComputeNode
  | CombineNode
  | ReaggregateNode
  | CrossSpineNode
  | DistinctNode
  | MinMaxNode
  | TotalOverNode
  | JoinTotalsNode
  | ShareNode
  | OutputNode

/** What every step has. Two steps with the same id are the same step. */
export interface NodeBase {
  readonly id: number
}

type Unnumbered<T> = T extends DataflowNode ? Omit<T, 'id'> : never

/** Makes steps; equal descriptions give the same step, so that common parts of a plan are found by identity. */
export class PlanBuilder {
  readonly #byKey = new Map<string, DataflowNode>()

  /** `key` must tell apart everything that makes a difference, inputs by their ids. */
  node<K extends DataflowNode['kind']>(
    description: Extract<Unnumbered<DataflowNode>, { kind: K }>,
    key: string,
  ): Extract<DataflowNode, { kind: K }> {
    const fullKey = `${description.kind}|${key}`
    let node = this.#byKey.get(fullKey)
    if (node === undefined) {
      node = { ...description, id: this.#byKey.size } as unknown as DataflowNode
      this.#byKey.set(fullKey, node)
    }
    return node as Extract<DataflowNode, { kind: K }>
  }
}

/** A column that holds a metric, or what one is computed from. Identity is `id`; `label` is its name in SQL. */
export interface MetricColumn {
  readonly id: string
  readonly label: string
}
