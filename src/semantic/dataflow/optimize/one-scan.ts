import type { SemanticCatalog } from '../../catalog.js'
import { type AggregateNode, aggregate, type Measurement } from '../nodes/aggregate.js'
import type { DataflowNode, PlanBuilder } from '../plan.js'
import { rewritePlan, stepsOf } from './rule.js'

/** Aggregations of the same rows by the same keys, wherever they stand in the plan, become one with all measures. */
export function oneScan(plan: DataflowNode, builder: PlanBuilder, catalog: SemanticCatalog): DataflowNode {
  const groups = new Map<string, AggregateNode[]>()
  for (const step of stepsOf(plan)) {
    if (step.kind !== 'aggregate') continue
    const key = `${step.input.id}|${step.keys.map((item) => item.name).join()}`
    groups.set(key, [...(groups.get(key) ?? []), step])
  }
  const merged = new Map<number, readonly Measurement[]>()
  for (const group of groups.values()) {
    if (group.length < 2) continue
    const measures = new Map(group.flatMap((step) => step.measures).map((measure) => [measure.column.id, measure]))
    for (const step of group) merged.set(step.id, [...measures.values()])
  }
  if (merged.size === 0) return plan
  return rewritePlan(
    plan,
    [
      (node) => {
        const measures = node.kind === 'aggregate' ? merged.get(node.id) : undefined
        return measures && node.kind === 'aggregate' ? aggregate(builder, node.input, node.keys, measures) : undefined
      },
    ],
    builder,
    catalog,
  )
}
