import { kindOf } from '../node-kinds.js'
import { type CombineInput, combine } from '../nodes/combine.js'
import type { ComputeNode } from '../nodes/compute.js'
import type { DataflowNode, PlanBuilder } from '../plan.js'
import { alone } from './hoist-formulas.js'
import type { OptimizeRule } from './rule.js'

/**
 * Inputs of a combination that only add columns to the same rows are one input, with the columns of all.
 *
 *     combine(x, total-over(x), compute(x))  ->  compute(total-over(x))
 */
export const sameRows: OptimizeRule = (node, builder) => {
  if (node.kind !== 'combine') return undefined
  const [single] = node.inputs
  if (single !== undefined && node.inputs.length === 1) return alone(single, builder)
  const groups = new Map<number, { rows: DataflowNode; members: Extension[] }>()
  for (const input of node.inputs) {
    const extension = readExtension(input)
    const group = groups.get(extension.rows.id) ?? { rows: extension.rows, members: [] }
    group.members.push(extension)
    groups.set(extension.rows.id, group)
  }
  if (groups.size === node.inputs.length) return undefined
  const inputs = [...groups.values()].map(({ rows, members }) => stack(rows, members, builder))
  const [only] = inputs
  return only !== undefined && inputs.length === 1 ? alone(only, builder) : combine(builder, inputs, node.keys)
}

/** Rows, and the steps over them that add columns, the lowest first. */
interface Extension {
  readonly rows: DataflowNode
  readonly steps: readonly DataflowNode[]
  readonly input: CombineInput
}

function readExtension(input: CombineInput): Extension {
  const steps: DataflowNode[] = []
  let rows = input.node
  while (addsColumns(rows)) {
    steps.unshift(rows)
    rows = kindOf(rows).inputs(rows)[0]!
  }
  return { rows, steps, input }
}

function addsColumns(node: DataflowNode): boolean {
  if (node.kind === 'compute') return !replacesColumn(node)
  return node.kind === 'total-over' || node.kind === 'join-totals'
}

/** Whether a step gives a column another value, which steps put on top of it would see. */
function replacesColumn(node: ComputeNode): boolean {
  return node.columns.some(({ column, formula }) => formula.kind === 'column' && formula.column.id === column.id)
}

function stack(rows: DataflowNode, members: readonly Extension[], builder: PlanBuilder): CombineInput {
  const applied = new Set<number>()
  let node = rows
  for (const step of members.flatMap((member) => member.steps)) {
    if (applied.has(step.id)) continue
    applied.add(step.id)
    const kind = kindOf(step)
    node = kind.withInputs(step, [node, ...kind.inputs(step).slice(1)], builder)
  }
  const columns = members.flatMap((member) => member.input.columns)
  return { node, columns: [...new Map(columns.map((column) => [column.column.id, column])).values()] }
}
