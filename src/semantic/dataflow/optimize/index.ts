import type { SemanticCatalog } from '../../catalog.js'
import type { DataflowNode, PlanBuilder } from '../plan.js'
import { hoistFormulas } from './hoist-formulas.js'
import { mergeScans } from './merge-scans.js'
import { oneScan } from './one-scan.js'
import { preAggregate } from './pre-aggregate.js'
import { rewritePlan } from './rule.js'
import { shareSteps } from './share-steps.js'

/** The same answer for less work. */
export function optimizePlan(plan: DataflowNode, builder: PlanBuilder, catalog: SemanticCatalog): DataflowNode {
  const merged = rewritePlan(plan, [hoistFormulas, mergeScans, preAggregate], builder, catalog)
  return shareSteps(oneScan(merged, builder, catalog), builder, catalog)
}
