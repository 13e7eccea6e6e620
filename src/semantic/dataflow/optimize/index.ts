import type { SemanticCatalog } from '../../catalog.js'
import type { DataflowNode, PlanBuilder } from '../plan.js'
import { hoistFormulas } from './hoist-formulas.js'
import { mergeScans } from './merge-scans.js'
import { oneScan } from './one-scan.js'
import { preAggregate } from './pre-aggregate.js'
import { rewritePlan } from './rule.js'
import { sameRows } from './same-rows.js'
import { shareSteps } from './share-steps.js'

/** The same answer for less work. */
export function optimizePlan(plan: DataflowNode, builder: PlanBuilder, catalog: SemanticCatalog): DataflowNode {
  const merged = rewritePlan(plan, [hoistFormulas, mergeScans, preAggregate, sameRows], builder, catalog)
  const scanned = rewritePlan(oneScan(merged, builder, catalog), [sameRows], builder, catalog)
  return shareSteps(scanned, builder, catalog)
}
