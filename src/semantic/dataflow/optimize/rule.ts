import type { SemanticCatalog } from '../../catalog.js'
import { kindOf } from '../node-kinds.js'
import type { DataflowNode, PlanBuilder } from '../plan.js'

/** Gives a cheaper step with the same result, or undefined. The inputs of `node` are already optimised. */
export type OptimizeRule = (
  node: DataflowNode,
  builder: PlanBuilder,
  catalog: SemanticCatalog,
) => DataflowNode | undefined

/** The plan with the rules applied from the inputs upwards, each as long as it finds something. */
export function rewritePlan(
  plan: DataflowNode,
  rules: readonly OptimizeRule[],
  builder: PlanBuilder,
  catalog: SemanticCatalog,
): DataflowNode {
  const done = new Map<number, DataflowNode>()
  const visit = (node: DataflowNode): DataflowNode => {
    const known = done.get(node.id)
    if (known !== undefined) return known
    const kind = kindOf(node)
    const before = kind.inputs(node)
    const inputs = before.map(visit)
    const current = inputs.some((input, index) => input !== before[index])
      ? kind.withInputs(node, inputs, builder)
      : node
    const better = applyFirst(rules, current, builder, catalog)
    // What a rule made may hold new steps below that have not seen the rules.
    const result = better === undefined ? current : visit(better)
    done.set(node.id, result)
    return result
  }
  return visit(plan)
}

function applyFirst(
  rules: readonly OptimizeRule[],
  node: DataflowNode,
  builder: PlanBuilder,
  catalog: SemanticCatalog,
): DataflowNode | undefined {
  for (const rule of rules) {
    const better = rule(node, builder, catalog)
    if (better !== undefined && better !== node) return better
  }
  return undefined
}

/** Every step of a plan once, inputs first. */
export function stepsOf(plan: DataflowNode): readonly DataflowNode[] {
  const found = new Map<number, DataflowNode>()
  const visit = (node: DataflowNode): void => {
    if (found.has(node.id)) return
    for (const input of kindOf(node).inputs(node)) visit(input)
    found.set(node.id, node)
  }
  visit(plan)
  return [...found.values()]
}
