import { type AggregateFunction, and, type SqlExpr } from '../../../sql/plan/expr.js'
import type { GroupByItem } from '../../group-by-item.js'
import type { SimpleMetric } from '../../metrics/definition.js'
import type { BoundFilter } from '../../query/bound-filter.js'
import { filterExpr } from '../filter-expr.js'
import type { NodeKind } from '../node-kind.js'
import type { DataflowNode, MetricColumn, NodeBase, PlanBuilder } from '../plan.js'
import { asRows, extend, itemOf, measureOf, metricOf, type Relation } from '../relation.js'
import { stepLabel } from '../step-label.js'
import { describeFilter, withVisible } from './filter.js'

/** One row per combination of `keys`, with the aggregated measures. */
export interface AggregateNode extends NodeBase {
  readonly kind: 'aggregate'
  readonly input: DataflowNode
  readonly keys: readonly GroupByItem[]
  readonly measures: readonly Measurement[]
}

/** A column of an aggregation: of the rows' own values, or of values that were aggregated before. */
export type Measurement = MetricMeasurement | RollUp

export interface MetricMeasurement {
  readonly kind: 'metric'
  readonly column: MetricColumn
  readonly metric: SimpleMetric
  /** Only rows for which these hold take part. */
  readonly condition: readonly BoundFilter[]
  /** Instead of the metric's own aggregation: a part of it. */
  readonly fn?: Extract<AggregateFunction, 'sum' | 'count'>
}

export interface RollUp {
  readonly kind: 'roll-up'
  readonly column: MetricColumn
  readonly of: MetricColumn
  readonly fn: AggregateFunction
}

export function aggregate(
  builder: PlanBuilder,
  input: DataflowNode,
  keys: readonly GroupByItem[],
  measures: readonly Measurement[],
): AggregateNode {
  const key = [input.id, keys.map((item) => item.name).join(), measures.map(measurementKey).join(';')].join('|')
  return builder.node({ kind: 'aggregate', input, keys, measures }, key)
}

function measurementKey(measure: Measurement): string {
  if (measure.kind === 'roll-up') return `${measure.column.id}=${measure.fn}(${measure.of.id})`
  return `${measure.column.id}=${measure.fn ?? ''}${measure.metric.name}[${measure.condition.map((filter) => filter.key).join('&')}]`
}

export const aggregateKind: NodeKind<AggregateNode> = {
  inputs: (node) => [node.input],
  withInputs: (node, [input], builder) => aggregate(builder, input!, node.keys, node.measures),
  describe: (node) => {
    const measures = node.measures.map(describeMeasurement).join(', ')
    return node.keys.length === 0 ? measures : `${measures} by ${node.keys.map((item) => item.name).join(', ')}`
  },
  toSql: (node, context) => {
    const input = asRows(context.relation(node.input), stepLabel(node.input))
    const rows = withVisible(input, node.keys)
    const names = new Map<string, SqlExpr>()
    for (const item of node.keys) {
      const expr = itemOf(rows, item)
      names.set(item.name, expr)
      input.select.columns.set(item.name, expr)
    }
    input.select.groupBy = node.keys.map((item) => item.name)
    const grouping = node.keys.length > 0
    const metrics = new Map(
      node.measures.map((measure) => {
        return [measure.column.id, (grouping ? countExpr(measure, rows) : undefined) ?? measureExpr(measure, rows)]
      }),
    )
    const grouped: Relation = {
      select: input.select,
      grouped: true,
      item: (item) => names.get(item.name),
      metric: () => undefined,
      measure: () => undefined,
      bare: (name) => names.get(name),
      passed: input.passed,
    }
    return extend(grouped, { metrics })
  },
}

/** `SUM(1)`, and the sum that counts values, as a count: the same in groups, which are never empty, for less work. */
function countExpr(measure: Measurement, rows: Relation): SqlExpr | undefined {
  if (measure.kind === 'roll-up' || measure.condition.length > 0 || measure.metric.agg !== 'sum') return undefined
  if (measure.fn === 'count') return undefined
  const arg = measureOf(rows, measure.metric)
  const text = arg.kind === 'text' ? arg.parts : []
  const count = (value: SqlExpr): SqlExpr => ({ kind: 'aggregate', fn: 'count', arg: value, filter: undefined })
  if (text.length === 1 && text[0] === '1') return count({ kind: 'text', parts: ['*'], binding: 'atom' })
  const [before, value, after] = text
  const counts =
    text.length === 3 &&
    typeof value === 'object' &&
    /^case when $/i.test(String(before)) &&
    /^ is not null then 1 else 0 end$/i.test(String(after))
  return counts ? count(value) : undefined
}

const FUNCTIONS = {
  sum: 'sum',
  min: 'min',
  max: 'max',
  average: 'average',
  count: 'count',
  count_distinct: 'count_distinct',
  sum_boolean: 'sum',
  percentile: 'sum',
  median: 'sum',
} as const satisfies Record<SimpleMetric['agg'], AggregateFunction>

function measureExpr(measure: Measurement, rows: Relation): SqlExpr {
  if (measure.kind === 'roll-up') {
    return { kind: 'aggregate', fn: measure.fn, arg: metricOf(rows, measure.of), filter: undefined }
  }
  const { metric } = measure
  const arg = measureOf(rows, metric)
  const filter = and(measure.condition.map((condition) => filterExpr(condition, rows)))
  if (measure.fn !== undefined) return { kind: 'aggregate', fn: measure.fn, arg, filter }
  if (metric.agg === 'percentile' || metric.agg === 'median') {
    const { percentile, use_discrete_percentile: discrete, use_approximate_percentile: approximate } = metric.aggParams
    return {
      kind: 'percentile',
      arg,
      percentile: percentile ?? 0.5,
      discrete: discrete ?? false,
      approximate: approximate ?? false,
      filter,
    }
  }
  const value: SqlExpr = { kind: 'aggregate', fn: FUNCTIONS[metric.agg], arg, filter }
  // A count of none among rows kept for other metrics is no count at all.
  if (filter === undefined || metric.agg !== 'count_distinct') return value
  const rowsInside: SqlExpr = {
    kind: 'aggregate',
    fn: 'max',
    arg: { kind: 'literal', type: 'number', value: 1 },
    filter,
  }
  return {
    kind: 'case',
    when: { kind: 'null-test', arg: rowsInside, negated: true },
    result: value,
    otherwise: undefined,
  }
}

export function describeMeasurement(measure: Measurement): string {
  if (measure.kind === 'roll-up') return `${measure.fn} of ${measure.of.label}`
  const { metric } = measure
  const value = metric.expr === metric.name ? metric.name : `${metric.name} (${metric.expr})`
  const condition = measure.condition.map((filter) => describeFilter(filter)).join(' and ')
  return `${(measure.fn ?? metric.agg).replace('_', ' ')} of ${value}${condition === '' ? '' : ` where ${condition}`}`
}
