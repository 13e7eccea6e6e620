import { type CombineInput, combine } from '../nodes/combine.js'
import { type ComputeNode, compute, formulaColumns } from '../nodes/compute.js'
import type { DataflowNode, PlanBuilder } from '../plan.js'
import { isNullStrict } from './null-strict.js'
import type { OptimizeRule } from './rule.js'

/**
 * Metrics computed from several inputs, put together with others, need not be put together twice: all inputs are
 * combined at once and the formulas computed on top.
 *
 *     combine(compute(combine(a, b)), c)  ->  compute(combine(a, b, c))
 */
export const hoistFormulas: OptimizeRule = (node, builder) => {
  if (node.kind !== 'combine') return undefined
  const computes: ComputeNode[] = []
  const inputs = node.inputs.flatMap((input) => {
    const opened = openFormula(input)
    if (opened === undefined) return [input]
    computes.push(...opened.computes)
    return opened.inputs
  })
  if (computes.length === 0) return undefined
  const unique = uniqueInputs(inputs)
  const [only] = unique
  const combined =
    only !== undefined && unique.length === 1 ? alone(only, builder) : combine(builder, unique, node.keys)
  return withComputes(combined, computes, builder)
}

interface OpenedFormula {
  /** Innermost first. */
  readonly computes: readonly ComputeNode[]
  readonly inputs: readonly CombineInput[]
}

/** Formulas over other metrics, if they can wait until after another combination. */
function openFormula(input: CombineInput): OpenedFormula | undefined {
  if (input.columns.some((column) => column.fill !== undefined)) return undefined
  const computes: ComputeNode[] = []
  let node: DataflowNode = input.node
  while (node.kind === 'compute') {
    if (!node.columns.every(({ formula }) => isNullStrict(formula))) return undefined
    computes.unshift(node)
    node = node.input
  }
  if (computes.length === 0) return undefined
  const used = new Map(
    computes.flatMap((step) => step.columns.flatMap(({ formula }) => formulaColumns(formula).map((c) => [c.id, c]))),
  )
  for (const { column } of input.columns) used.set(column.id, column)
  for (const { column } of computes.flatMap((step) => step.columns)) used.delete(column.id)
  // Other steps hand on columns of their inputs, which others may hand on as well, with other values.
  if (node.kind !== 'combine' && node.kind !== 'aggregate') return undefined
  if (node.kind === 'aggregate') {
    if (computes.every((step) => step.columns.every(({ formula }) => formula.kind === 'column'))) return undefined
    const columns = [...used.values()].map((column) => ({ column, fill: undefined }))
    return { computes, inputs: [{ node, columns }] }
  }
  const filled = node.inputs.some((part) => part.columns.some((c) => c.fill !== undefined && used.has(c.column.id)))
  return filled ? undefined : { computes, inputs: node.inputs }
}

/** Inputs that are the same step, with the columns of all. */
export function uniqueInputs(inputs: readonly CombineInput[]): CombineInput[] {
  const byNode = new Map<number, CombineInput>()
  for (const input of inputs) {
    const known = byNode.get(input.node.id)
    const columns = [...(known?.columns ?? []), ...input.columns]
    const unique = [...new Map(columns.map((column) => [column.column.id, column])).values()]
    byNode.set(input.node.id, { node: input.node, columns: unique })
  }
  return [...byNode.values()]
}

/** The formulas of `computes` over another input, in their order. */
export function withComputes(
  input: DataflowNode,
  computes: readonly ComputeNode[],
  builder: PlanBuilder,
): DataflowNode {
  return computes.reduce<DataflowNode>((node, step) => compute(builder, node, step.columns), input)
}

/** What is left of a combination of one: its columns, filled where they were to be. */
export function alone(input: CombineInput, builder: PlanBuilder): DataflowNode {
  const filled = input.columns.filter((column) => column.fill !== undefined)
  if (filled.length === 0) return input.node
  return compute(
    builder,
    input.node,
    filled.map(({ column, fill }) => ({ column, formula: { kind: 'column', column, fill } })),
  )
}
