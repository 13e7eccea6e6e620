import { grainRank, type TimeGranularity } from '../../../sql/granularity.js'
import { compare, type SqlExpr, timestampLiteral } from '../../../sql/plan/expr.js'
import { selectFrom } from '../../../sql/plan/select.js'
import type { SemanticCatalog } from '../../catalog.js'
import type { ModelNode } from '../../graph/model-node.js'
import { type GroupByItem, isMetricTime, type TimeItem } from '../../group-by-item.js'
import { addGrains, formatTime, isDaily, nextPeriod, startOfPeriod, type TimeRange } from '../../query/time-range.js'
import { type ModelSource, modelSource } from '../model-source.js'
import type { NodeKind } from '../node-kind.js'
import type { NodeBase, PlanBuilder } from '../plan.js'
import type { Relation } from '../relation.js'

/** The rows of a semantic model. `metric_time` is its aggregation time dimension, if it has one here. */
export interface ReadModelNode extends NodeBase {
  readonly kind: 'read-model'
  readonly model: ModelNode
  readonly aggTime: { readonly dimension: string; readonly grain: TimeGranularity } | undefined
  readonly timeRange: TimeRange | undefined
}

export function readModel(
  builder: PlanBuilder,
  model: ModelNode,
  aggTime?: ReadModelNode['aggTime'],
  timeRange?: TimeRange,
): ReadModelNode {
  return builder.node(
    { kind: 'read-model', model, aggTime, timeRange },
    `${model.name}|${aggTime?.dimension ?? ''}|${rangeKey(timeRange)}`,
  )
}

export function rangeKey(range: TimeRange | undefined): string {
  return range === undefined ? '' : `${range.start ?? ''}..${range.end ?? ''}`
}

export function describeRange(range: TimeRange): string {
  if (range.start === undefined) return `until ${formatTime(range.end!)}`
  return range.end === undefined
    ? `from ${formatTime(range.start)}`
    : `from ${formatTime(range.start)} until ${formatTime(range.end)}`
}

export const readModelKind: NodeKind<ReadModelNode> = {
  inputs: () => [],
  withInputs: (node) => node,
  describe: (node) =>
    `read ${node.model.name}${node.timeRange === undefined ? '' : ` ${describeRange(node.timeRange)}`}`,
  toSql: (node, { catalog }) => {
    const source = modelSource(node.model, catalog)
    const relation = modelRelation(node, source, catalog)
    if (node.timeRange !== undefined && node.aggTime !== undefined) {
      const dimension = node.model.dimensions.get(node.aggTime.dimension)
      const value = source.expr(dimension?.expr || node.aggTime.dimension, node.aggTime.dimension)
      relation.select.where.push(...withinRange(value, node.aggTime.grain, node.timeRange))
    }
    return relation
  },
}

function modelRelation(node: ReadModelNode, source: ModelSource, catalog: SemanticCatalog): Relation {
  const { model, aggTime } = node
  const item = (wanted: GroupByItem): SqlExpr | undefined => {
    if (isMetricTime(wanted)) {
      return aggTime && source.element({ ...(wanted as TimeItem), element: aggTime.dimension })
    }
    const [prefix] = wanted.path
    const own = wanted.path.length === 0 || (wanted.path.length === 1 && model.prefixes.includes(prefix!))
    return own ? source.element(wanted) : undefined
  }
  return {
    select: selectFrom(source.source),
    grouped: false,
    item,
    metric: () => undefined,
    measure: (metric) => (metric.model === model ? source.expr(metric.expr, metric.name) : undefined),
    bare: (name) => {
      const metric = catalog.hasMetric(name) ? catalog.metric(name) : undefined
      return metric?.type === 'simple' && metric.model === model ? source.expr(metric.expr, name) : undefined
    },
    passed: new Set(),
  }
}

/**
 * Conditions that keep values whose period of `grain` lies in the range, written on the bare value so that
 * the warehouse can use what it knows about the column.
 */
export function withinRange(value: SqlExpr, grain: TimeGranularity, range: TimeRange): SqlExpr[] {
  const conditions: SqlExpr[] = []
  if (range.start !== undefined) {
    const start = startOfPeriod(range.start, grain)
    const first = start === range.start ? start : addGrains(start, 1, grain)
    conditions.push(compare('>=', value, timestampLiteral(formatTime(first))))
  }
  if (range.end !== undefined) {
    const fine = grainRank(grain) < grainRank('second')
    const beyond = isDaily(grain) || !fine ? nextPeriod(range.end, grain) : range.end
    conditions.push(compare(fine ? '<=' : '<', value, timestampLiteral(formatTime(beyond))))
  }
  return conditions
}
