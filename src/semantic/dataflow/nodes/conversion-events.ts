import { column, compare, comparedTime, isComparedDay, numberLiteral, type SqlExpr } from '../../../sql/plan/expr.js'
import { selectFrom, subquerySource } from '../../../sql/plan/select.js'
import type { ModelNode } from '../../graph/model-node.js'
import {
  dimensionItem,
  type EntityItem,
  entityItem,
  type GroupByItem,
  standardGrain,
  type TimeItem,
  timeItem,
} from '../../group-by-item.js'
import type { SimpleMetric } from '../../metrics/definition.js'
import { extremeOf } from '../extreme.js'
import type { NodeKind } from '../node-kind.js'
import type { DataflowNode, NodeBase, PlanBuilder } from '../plan.js'
import { asRows, itemOf, measureOf, type Relation, selectAs } from '../relation.js'
import type { StandardWindow } from './join-over-time.js'

/**
 * One row per conversion that follows an opportunity: the conversion's value beside the items of the latest
 * opportunity of the same entity before it.
 */
export interface ConversionEventsNode extends NodeBase {
  readonly kind: 'conversion-events'
  readonly base: DataflowNode
  readonly conversion: DataflowNode
  readonly baseModel: ModelNode
  readonly conversionModel: ModelNode
  /** The metric whose values conversions carry. */
  readonly metric: SimpleMetric
  readonly entity: EntityItem
  readonly time: TimeItem
  /** The opportunities' own time, as fine as it is: tells the latest of those at the same `time`. */
  readonly baseTime: TimeItem
  readonly window: StandardWindow | undefined
  readonly constantProperties: readonly { readonly base: string; readonly conversion: string }[]
  /** What is kept of the opportunities. */
  readonly items: readonly GroupByItem[]
  /** The items are the opportunities' own time, coarser or not: those of the latest are the latest. */
  readonly onlyTime: boolean
}

export function conversionEvents(
  builder: PlanBuilder,
  parts: Omit<ConversionEventsNode, 'id' | 'kind'>,
): ConversionEventsNode {
  const key = [
    parts.base.id,
    parts.conversion.id,
    parts.metric.name,
    parts.entity.name,
    parts.time.name,
    parts.baseTime.name,
    parts.window === undefined ? '' : `${parts.window.count} ${parts.window.grain}`,
    parts.constantProperties.map((property) => `${property.base}=${property.conversion}`).join(),
    parts.items.map((item) => item.name).join(),
    parts.onlyTime,
  ].join('|')
  return builder.node({ kind: 'conversion-events', ...parts }, key)
}

export const conversionEventsKind: NodeKind<ConversionEventsNode> = {
  inputs: (node) => [node.base, node.conversion],
  withInputs: (node, [base, conversion], builder) =>
    conversionEvents(builder, { ...node, base: base!, conversion: conversion! }),
  describe: (node) => {
    const within =
      node.window === undefined ? 'ever before' : `at most ${node.window.count} ${node.window.grain}(s) before`
    return `find for each conversion the latest ${node.baseModel.name} of the same ${node.entity.name} ${within}`
  },
  toSql: (node, context) => {
    const base = asRows(context.relation(node.base), node.baseModel.name)
    const conversion = conversionsOf(node, context.relation(node.conversion))
    const baseTime = comparedTime(itemOf(base, node.time))
    const on: SqlExpr[] = [
      compare('=', itemOf(base, node.entity), conversion.entity),
      ...node.constantProperties.map((property, index) =>
        compare('=', itemOf(base, propertyItem(node.baseModel, property.base)), conversion.properties[index]!),
      ),
      compare('<=', baseTime, conversion.time),
    ]
    if (node.window !== undefined) {
      const { count, grain } = node.window
      const since: SqlExpr = { kind: 'add-time', arg: conversion.time, count: -count, grain, ofDay: conversion.byDay }
      on.push(compare('>', baseTime, since))
    }
    const { select } = base
    select.joins.push({ type: 'INNER', source: conversion.source, on })
    if (node.onlyTime) return latestTimes(node, base, conversion)
    for (const item of node.items) select.columns.set(item.name, itemOf(base, item))
    const value = selectAs(select, node.metric.name, conversion.value)
    select.columns.set('opportunity_rank', {
      kind: 'window',
      fn: 'ROW_NUMBER',
      args: [],
      partitionBy: [conversion.number],
      orderBy: latestFirst(node, base),
    })
    const source = subquerySource(select, 'conversions')
    const outer = selectFrom(source)
    outer.where.push(compare('=', column(source, 'opportunity_rank'), numberLiteral(1)))
    const kept = new Set(node.items.map((item) => item.name))
    const relation: Relation = {
      select: outer,
      grouped: false,
      item: (item) => (kept.has(item.name) ? column(source, item.name) : undefined),
      metric: () => undefined,
      measure: (metric) => (metric.name === node.metric.name ? column(source, value) : undefined),
      bare: () => undefined,
      passed: new Set(),
    }
    return relation
  },
}

/** One row per conversion with the latest of the opportunities' times. */
function latestTimes(
  node: ConversionEventsNode,
  base: Relation,
  conversion: ReturnType<typeof conversionsOf>,
): Relation {
  const { select } = base
  const number = selectAs(select, conversion.number.name, conversion.number)
  const value = selectAs(select, node.metric.name, conversion.value)
  select.groupBy = [number, value]
  const names = new Map(
    node.items.map((item) => {
      return [item.name, selectAs(select, `latest_${item.name}`, extremeOf(itemOf(base, item), 'max'))]
    }),
  )
  const source = subquerySource(select, 'conversions')
  const item = (wanted: GroupByItem): SqlExpr | undefined => {
    const name = names.get(wanted.name)
    return name === undefined ? undefined : column(source, name)
  }
  return {
    select: selectFrom(source),
    grouped: false,
    item,
    metric: () => undefined,
    measure: (metric) => (metric.name === node.metric.name ? column(source, value) : undefined),
    bare: () => undefined,
    passed: new Set(),
  }
}

/** Latest first; of opportunities at the same time always the same one. */
function latestFirst(node: ConversionEventsNode, base: Relation) {
  const times = [node.time, node.baseTime].map((item) => itemOf(base, item))
  const others = node.items.filter((item) => item.kind !== 'time').map((item) => itemOf(base, item))
  return [
    ...[...new Set(times)].map((expr) => ({ expr, descending: true })),
    ...others.map((expr) => ({ expr, descending: false })),
  ]
}

/** The conversions, numbered: one is told from another by nothing else. */
function conversionsOf(node: ConversionEventsNode, relation: Relation) {
  const rows = asRows(relation, node.conversionModel.name)
  const { select } = rows
  const entity = selectAs(select, node.entity.name, itemOf(rows, node.entity))
  const moment = comparedTime(itemOf(rows, node.time))
  const time = selectAs(select, node.time.name, moment)
  const properties = node.constantProperties.map((property) => {
    const item = propertyItem(node.conversionModel, property.conversion)
    return selectAs(select, item.name, itemOf(rows, item))
  })
  const source = subquerySource(select, node.conversionModel.name)
  const value = selectAs(select, node.metric.name, measureOf(rows, node.metric))
  const number = selectAs(select, 'conversion_number', { kind: 'row-id' })
  return {
    source,
    entity: column(source, entity),
    time: column(source, time),
    byDay: isComparedDay(moment),
    properties: properties.map((name) => column(source, name)),
    value: column(source, value),
    number: column(source, number),
  }
}

function propertyItem(model: ModelNode, name: string): GroupByItem {
  if (model.entities.has(name)) return entityItem(name, [])
  const grain = model.timeGrains.get(name)
  return grain === undefined ? dimensionItem(name, []) : timeItem(name, [], standardGrain(grain))
}
