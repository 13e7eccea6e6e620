import type { SemanticCatalog } from '../../catalog.js'
import { kindOf } from '../node-kinds.js'
import { share } from '../nodes/share.js'
import type { DataflowNode, PlanBuilder } from '../plan.js'
import { stepLabel } from '../step-label.js'
import { rewritePlan, stepsOf } from './rule.js'

/**
 * Results that several steps read are computed once. Reading a table or the time spine again costs little, and so
 * does computing a formula.
 */
export function shareSteps(plan: DataflowNode, builder: PlanBuilder, catalog: SemanticCatalog): DataflowNode {
  const uses = new Map<number, number>()
  const steps = stepsOf(plan)
  for (const step of steps) {
    if (step.kind === 'compute') continue
    for (const input of kindOf(step).inputs(step)) {
      const read = belowFormulas(input)
      uses.set(read.id, (uses.get(read.id) ?? 0) + 1)
    }
  }
  const isAggregated = aggregatedSteps(steps)
  const shared = new Set(
    steps
      .filter((step) => (uses.get(step.id) ?? 0) > 1 && step.kind !== 'share' && isAggregated.has(step.id))
      .map((step) => step.id),
  )
  if (shared.size === 0) return plan
  const done = new Map<number, DataflowNode>()
  const visit = (node: DataflowNode): DataflowNode => {
    let result = done.get(node.id)
    if (result === undefined) {
      const kind = kindOf(node)
      const before = kind.inputs(node)
      const inputs = before.map(visit)
      const changed = inputs.some((input, index) => input !== before[index])
      const rebuilt = changed ? kind.withInputs(node, inputs, builder) : node
      result = shared.has(node.id) ? share(builder, rebuilt, stepLabel(node)) : rebuilt
      done.set(node.id, result)
    }
    return result
  }
  return rewritePlan(visit(plan), [], builder, catalog)
}

function belowFormulas(node: DataflowNode): DataflowNode {
  let step = node
  while (step.kind === 'compute') step = step.input
  return step
}

/** The steps whose rows are few: there is an aggregation in them or below them. `steps` has inputs first. */
function aggregatedSteps(steps: readonly DataflowNode[]): ReadonlySet<number> {
  const aggregated = new Set<number>()
  for (const step of steps) {
    const below = kindOf(step).inputs(step)
    if (step.kind === 'aggregate' || below.some((input) => aggregated.has(input.id))) aggregated.add(step.id)
  }
  return aggregated
}
