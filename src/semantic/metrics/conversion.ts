import { isAggregationTimeOf } from '../catalog.js'
import { aggregate } from '../dataflow/nodes/aggregate.js'
import { combine } from '../dataflow/nodes/combine.js'
import { compute, type Formula, formulaKey } from '../dataflow/nodes/compute.js'
import { conversionEvents } from '../dataflow/nodes/conversion-events.js'
import {
  entityItem,
  isMetricTime,
  metricTimeItem,
  standardGrain,
  type TimeItem,
  uniqueItems,
} from '../group-by-item.js'
import { aggregateInput, inputRows, standardWindow } from './aggregate-input.js'
import type { ConversionMetric, SimpleMetric } from './definition.js'
import { describeInput, describeWindow } from './describe-input.js'
import type { MetricKind, Planner } from './metric-kind.js'
import { buildRecipe, type Recipe } from './recipe.js'
import { joinSpineAfter } from './spine-join.js'

/**
 * How many events of one kind (conversions) follow an event of another (opportunities) of the same entity, in a
 * window of time. A conversion counts once, for the latest opportunity before it, and with that one's dimensions.
 */
export const conversionKind: MetricKind<ConversionMetric> = {
  type: 'conversion',
  describe: ({ base, conversion, entity, window, calculation }) => {
    const within = window === undefined ? '' : ` within ${describeWindow(window)}`
    const counted = `${describeInput(conversion)} that follow ${describeInput(base)} of the same ${entity}${within}`
    return calculation === 'conversions' ? counted : `${counted}, divided by all ${base.name}`
  },
  plan: (spec, planner) => {
    const { definition, items } = spec
    const { builder, catalog, filters } = planner
    const base = catalog.simpleMetric(definition.base.name, definition.name)
    const conversion = catalog.simpleMetric(definition.conversion.name, definition.name)
    const plain = { offsetWindow: undefined, offsetToGrain: undefined, cumulative: undefined }
    const baseFilters = [
      ...filters.ofMetric(definition),
      ...spec.filters,
      ...filters.ofInput(definition.base, definition),
    ]
    const baseRecipe = buildRecipe({ metric: base, items, filters: baseFilters, ...plain }, planner)
    const opportunities = aggregateInput(baseRecipe, spec.timeRange, planner)

    const time = metricTimeItem(standardGrain(catalog.finestGrain(definition.name)))
    const conversionFilters = filters.ofInput(definition.conversion, definition)
    const conversionRecipe = buildRecipe(
      { metric: conversion, items: [], filters: conversionFilters, ...plain },
      planner,
    )
    const events = conversionEvents(builder, {
      base: inputRows(rowRecipe(baseRecipe), spec.timeRange, planner),
      conversion: inputRows(rowRecipe(conversionRecipe), undefined, planner),
      baseModel: base.model,
      conversionModel: conversion.model,
      metric: conversion,
      entity: entityItem(definition.entity, []),
      time,
      baseTime: metricTimeItem(standardGrain(base.aggTimeGrain)),
      window: definition.window && standardWindow(definition.window, conversion),
      constantProperties: definition.constantProperties,
      items: uniqueItems(items),
      onlyTime: items.every((item) => {
        return item.kind === 'time' && item.grain?.custom === false && isAggregationTimeOf(base, item)
      }),
    })
    const converted = planner.column(
      `${events.id} ${conversion.name} by ${items.map((item) => item.name).join()}`,
      conversion.name,
    )
    const counted = aggregate(builder, events, items, [
      { kind: 'metric', column: converted, metric: conversion, condition: [] },
    ])
    const conversions = withTimeSpine(counted, conversion, baseRecipe, spec.timeRange, planner)

    const isRate = definition.calculation === 'conversion_rate'
    const parts = [
      { node: opportunities.node, columns: [{ column: opportunities.column, fill: base.fillNullsWith }] },
      { node: conversions, columns: [{ column: converted, fill: conversion.fillNullsWith }] },
    ]
    // The groups of all opportunities are shown, also of those that nothing followed.
    const combined = combine(builder, isRate || items.length > 0 ? parts : parts.slice(1), items)
    const formula: Formula = isRate
      ? { kind: 'ratio', numerator: converted, denominator: opportunities.column }
      : { kind: 'column', column: converted, fill: undefined }
    const column = planner.column(`${combined.id} ${formulaKey(formula)}`, definition.name)
    return { node: compute(builder, combined, [{ column, formula }]), column, fill: undefined }
  },
}

/** The recipe up to its rows: what is done after the aggregation does not concern them. */
function rowRecipe(recipe: Recipe): Recipe {
  return { ...recipe, beforeAggregation: undefined, afterAggregation: undefined, filtersAfter: [] }
}

/** Conversions whose metric wants a row for each time get one, for the times the query groups by. */
function withTimeSpine(
  node: ReturnType<typeof aggregate>,
  conversion: SimpleMetric,
  recipe: Recipe,
  timeRange: Parameters<typeof joinSpineAfter>[3],
  planner: Planner,
) {
  const times = recipe.items.filter((item): item is TimeItem => isMetricTime(item))
  if (!conversion.joinToTimeSpine || times.length === 0) return node
  const join = { type: 'LEFT OUTER', window: undefined, toGrain: undefined, filters: [] } as const
  return joinSpineAfter(node, join, times, timeRange, planner)
}
