import type { SemanticCatalog } from '../../catalog.js'
import { kindOf } from '../node-kinds.js'
import { share } from '../nodes/share.js'
import type { DataflowNode, PlanBuilder } from '../plan.js'
import { stepLabel } from '../step-label.js'
import { rewritePlan, stepsOf } from './rule.js'

/** Results that several steps read are computed once. Reading a table or the time spine again costs little. */
export function shareSteps(plan: DataflowNode, builder: PlanBuilder, catalog: SemanticCatalog): DataflowNode {
  const uses = new Map<number, number>()
  for (const step of stepsOf(plan)) {
    for (const input of kindOf(step).inputs(step)) uses.set(input.id, (uses.get(input.id) ?? 0) + 1)
  }
  const shared = new Set(
    stepsOf(plan)
      .filter((step) => (uses.get(step.id) ?? 0) > 1 && isResult(step))
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

function isResult(step: DataflowNode): boolean {
  return ['aggregate', 'compute', 'combine', 'reaggregate', 'running-total'].includes(step.kind)
}
