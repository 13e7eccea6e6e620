import type { GroupByItem, TimeItem } from '../../group-by-item.js'
import { isMetricTime } from '../../group-by-item.js'
import type { BoundFilter } from '../../query/bound-filter.js'
import { bareColumns } from '../filter-expr.js'
import type { AggregateNode } from '../nodes/aggregate.js'
import { joinCustomGrain } from '../nodes/join-custom-grain.js'
import { chainKey, type JoinEntitiesNode, joinEntities } from '../nodes/join-entities.js'
import type { ReadModelNode } from '../nodes/read-model.js'
import { readModel } from '../nodes/read-model.js'
import type { DataflowNode, PlanBuilder } from '../plan.js'

/** The rows an aggregation reads, taken apart: a table, what is joined to it, and the filters. */
export interface Scan {
  /** Equal for scans that can be one: same model, times, range and keys. */
  readonly key: string
  readonly read: ReadModelNode
  readonly joins: JoinEntitiesNode | undefined
  readonly customs: readonly TimeItem[]
  readonly filters: readonly BoundFilter[]
  readonly visible: readonly GroupByItem[]
}

/** The scan below an aggregation; undefined when its rows come from anything else. */
export function readScan(aggregation: AggregateNode): Scan | undefined {
  let node = aggregation.input
  let filters: readonly BoundFilter[] = []
  let visible: readonly GroupByItem[] = aggregation.keys
  if (node.kind === 'filter') {
    if (node.anyOf.length > 0) return undefined
    filters = node.filters
    visible = node.visible
    node = node.input
  }
  const customs: TimeItem[] = []
  while (node.kind === 'join-custom-grain') {
    customs.unshift(node.item)
    node = node.input
  }
  let joins: JoinEntitiesNode | undefined
  if (node.kind === 'join-entities') {
    joins = node
    node = node.input
  }
  if (node.kind !== 'read-model') return undefined
  const read = usesMetricTime(node, aggregation.keys, filters, joins) ? node : { ...node, aggTime: undefined }
  const keys = aggregation.keys.map((item) => item.name).join()
  const time = `${read.aggTime?.dimension ?? ''} ${read.timeRange?.start ?? ''} ${read.timeRange?.end ?? ''}`
  return { key: `${read.model.name}|${time}|${keys}`, read, joins, customs, filters, visible }
}

/** Whether it matters which of the model's times is `metric_time`. */
function usesMetricTime(
  read: ReadModelNode,
  keys: readonly GroupByItem[],
  filters: readonly BoundFilter[],
  joins: JoinEntitiesNode | undefined,
): boolean {
  const items = [...keys, ...filters.flatMap((candidate) => candidate.items)]
  return (
    read.timeRange !== undefined ||
    items.some(isMetricTime) ||
    filters.some((candidate) => bareColumns(candidate).length > 0) ||
    (joins?.models.some((target) => target.joins.some((join) => join.right.validity !== undefined)) ?? false)
  )
}

/** The rows of several scans of one table with everything that any of them joins; not filtered. */
export function scanRows(scans: readonly Scan[], builder: PlanBuilder): DataflowNode {
  const first = scans[0]!
  const { read } = first
  let node: DataflowNode = readModel(builder, read.model, read.aggTime, read.timeRange)
  const joins = scans.flatMap((scan) => scan.joins ?? [])
  if (joins[0] !== undefined) {
    const models = new Map<string, JoinEntitiesNode['models'][number]>()
    for (const target of joins.flatMap((join) => join.models)) {
      const known = models.get(chainKey(target.joins))?.items ?? []
      const items = new Map([...known, ...target.items].map((item) => [item.name, item]))
      models.set(chainKey(target.joins), { joins: target.joins, items: [...items.values()] })
    }
    const metrics = new Map(joins.flatMap((join) => join.metrics).map((target) => [target.item.name, target]))
    node = joinEntities(builder, {
      ...joins[0],
      input: node,
      models: [...models.values()],
      metrics: [...metrics.values()],
    })
  }
  const customs = new Map(scans.flatMap((scan) => scan.customs).map((item) => [item.name, item]))
  for (const item of customs.values()) node = joinCustomGrain(builder, node, item)
  return node
}
