import type { BoundFilter } from '../../query/bound-filter.js'
import { type AggregateNode, aggregate, type Measurement, type MetricMeasurement } from '../nodes/aggregate.js'
import { type CombineInput, combine } from '../nodes/combine.js'
import { type ComputedColumn, type ComputeNode, compute } from '../nodes/compute.js'
import { filter, filterAny } from '../nodes/filter.js'
import type { DataflowNode, PlanBuilder } from '../plan.js'
import { alone, withComputes } from './hoist-formulas.js'
import { isNullStrict } from './null-strict.js'
import type { OptimizeRule } from './rule.js'
import { readScan, type Scan, scanRows } from './scan.js'

/**
 * Metrics of one semantic model come from one read of its table, also where their filters differ: each then counts
 * only the rows of its own.
 *
 *     combine(sum(a) where f, sum(b) where g)  ->  sum(a) filter f, sum(b) filter g
 */
export const mergeScans: OptimizeRule = (node, builder) => {
  if (node.kind !== 'combine') return undefined
  const groups = new Map<string, Branch[]>()
  const inputs: (CombineInput | Branch)[] = node.inputs.map((input) => readBranch(input) ?? input)
  for (const input of inputs) {
    if (!('scan' in input)) continue
    groups.set(input.scan.key, [...(groups.get(input.scan.key) ?? []), input])
  }
  const merged = new Map<Branch, CombineInput | undefined>()
  for (const group of groups.values()) {
    for (const mergeable of mergeableParts(group)) {
      const [first, second] = mergeable
      if (first === undefined || second === undefined) continue
      for (const branch of mergeable) merged.set(branch, undefined)
      merged.set(first, mergeBranches(mergeable, builder))
    }
  }
  if (merged.size === 0) return undefined
  const next = inputs.flatMap((input): CombineInput[] => {
    if (!('scan' in input)) return [input]
    if (!merged.has(input)) return [input.input]
    const replacement = merged.get(input)
    return replacement === undefined ? [] : [replacement]
  })
  const [only, ...others] = next
  return others.length > 0 ? combine(builder, next, node.keys) : alone(only!, builder)
}

/** An input of a combination that is metrics computed from one aggregation over one scan. */
interface Branch {
  readonly input: CombineInput
  readonly computes: readonly ComputeNode[]
  readonly aggregation: AggregateNode
  readonly measures: readonly MetricMeasurement[]
  readonly scan: Scan
  /** Gives NULL, or what fills it, where there is no row of its own. */
  readonly lenient: boolean
}

function readBranch(input: CombineInput): Branch | undefined {
  const computes: ComputeNode[] = []
  let node: DataflowNode = input.node
  while (node.kind === 'compute') {
    computes.unshift(node)
    node = node.input
  }
  if (node.kind !== 'aggregate') return undefined
  const measures = node.measures.filter((measure) => measure.kind === 'metric')
  const scan = measures.length === node.measures.length ? readScan(node) : undefined
  if (scan === undefined) return undefined
  return { input, computes, aggregation: node, measures, scan, lenient: isLenient(input, computes) }
}

/**
 * Rows of other metrics do no harm if every column is NULL there, or has the value that the combination would fill
 * in anyway.
 */
function isLenient(input: CombineInput, computes: readonly ComputeNode[]): boolean {
  const fills = new Map(input.columns.map(({ column, fill }) => [column.id, fill]))
  return computes.every((step) =>
    step.columns.every(({ column, formula }) => {
      if (isNullStrict(formula)) return true
      return formula.kind === 'column' && fills.has(column.id) && fills.get(column.id) === formula.fill
    }),
  )
}

/** Branches that can be one: those with the same filters always, others if added rows do them no harm. */
function mergeableParts(group: readonly Branch[]): Branch[][] {
  const byFilters = new Map<string, Branch[]>()
  for (const branch of group) {
    const key = branch.scan.filters
      .map((candidate) => candidate.key)
      .sort()
      .join('&')
    byFilters.set(key, [...(byFilters.get(key) ?? []), branch])
  }
  const parts = [...byFilters.values()]
  const lenient = parts.filter((part) => part.every((branch) => branch.lenient))
  return [lenient.flat(), ...parts.filter((part) => !lenient.includes(part))]
}

function mergeBranches(branches: readonly Branch[], builder: PlanBuilder): CombineInput {
  const common = commonFilters(branches.map((branch) => branch.scan.filters))
  const isCommon = (candidate: BoundFilter): boolean => common.some((other) => other.key === candidate.key)
  const rest = branches.map((branch) => branch.scan.filters.filter((candidate) => !isCommon(candidate)))
  const visible = branches[0]!.scan.visible
  let rows = filter(
    builder,
    scanRows(
      branches.map((branch) => branch.scan),
      builder,
    ),
    common,
    visible,
  )
  if (rest.every((filters) => filters.length > 0)) rows = filterAny(builder, rows, rest, visible)

  const measures = new Map<string, Measurement>()
  const renamed: ComputedColumn[] = []
  branches.forEach((branch, index) => {
    for (const measure of branch.measures) {
      const condition = [...measure.condition, ...rest[index]!]
      const key = `${measure.metric.name}|${condition
        .map((candidate) => candidate.key)
        .sort()
        .join('&')}`
      const known = measures.get(key)
      if (known === undefined) measures.set(key, { ...measure, condition })
      else if (known.column.id !== measure.column.id) {
        renamed.push({ column: measure.column, formula: { kind: 'column', column: known.column, fill: undefined } })
      }
    }
  })
  const aggregation = aggregate(builder, rows, branches[0]!.aggregation.keys, [...measures.values()])
  const named = renamed.length === 0 ? aggregation : compute(builder, aggregation, renamed)
  const node = withComputes(
    named,
    branches.flatMap((branch) => branch.computes),
    builder,
  )
  const columns = new Map(
    branches.flatMap((branch) => branch.input.columns).map((column) => [column.column.id, column]),
  )
  return { node, columns: [...columns.values()] }
}

function commonFilters(lists: readonly (readonly BoundFilter[])[]): BoundFilter[] {
  const [first, ...others] = lists
  return (first ?? []).filter((candidate) => others.every((list) => list.some((other) => other.key === candidate.key)))
}
