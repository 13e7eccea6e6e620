import { compute } from '../dataflow/nodes/compute.js'
import { reaggregate } from '../dataflow/nodes/reaggregate.js'
import { metricTimeItem, standardGrain } from '../group-by-item.js'
import { aggregateInput } from './aggregate-input.js'
import type { CumulativeMetric } from './definition.js'
import { describeInput, describeWindow } from './describe-input.js'
import type { MetricKind } from './metric-kind.js'
import { buildRecipe } from './recipe.js'

/**
 * A simple metric over the stretch of time that ends at each moment: a window, the period so far, or all time.
 * Where a query groups by a coarser grain, the series is computed at the finest and one value taken per period.
 */
export const cumulativeKind: MetricKind<CumulativeMetric> = {
  type: 'cumulative',
  describe: ({ input, window, grainToDate }) => {
    if (window !== undefined) return `${describeInput(input)} over the ${describeWindow(window)} up to each time`
    return `${describeInput(input)} ${grainToDate === undefined ? 'of all time' : `from the start of each ${grainToDate}`} up to each time`
  },
  plan: (spec, planner) => {
    const { definition, items } = spec
    const { catalog, builder, filters } = planner
    const finest = metricTimeItem(standardGrain(catalog.finestGrain(definition.name)))
    const times = items.filter((item) => catalog.isAggregationTime(definition.name, item))
    const hasFinest = times.some((item) => item.kind === 'time' && item.grain?.name === finest.grain?.name)
    const isCoarser = times.length > 0 && !hasFinest
    const input = catalog.simpleMetric(definition.input.name, definition.name)
    const recipe = buildRecipe(
      {
        metric: input,
        items: isCoarser ? [...items, finest] : items,
        filters: [...filters.ofInput(definition.input, definition), ...filters.ofMetric(definition), ...spec.filters],
        offsetWindow: spec.offsetWindow,
        offsetToGrain: spec.offsetToGrain,
        cumulative: { window: definition.window, grainToDate: definition.grainToDate },
      },
      planner,
    )
    const aggregated = aggregateInput(recipe, spec.timeRange, planner)
    const fill = input.fillNullsWith
    const stretch = `${definition.window?.count ?? ''}${definition.window?.granularity ?? ''}${definition.grainToDate ?? ''}`
    const series = planner.column(
      `${aggregated.node.id} ${aggregated.column.id} over ${stretch} fill ${fill ?? ''}`,
      definition.name,
    )
    const node = compute(builder, aggregated.node, [
      { column: series, formula: { kind: 'column', column: aggregated.column, fill } },
    ])
    if (!isCoarser) return { node, column: series, fill: undefined }
    const column = planner.column(`${node.id} ${series.id} ${definition.periodAgg}`, definition.name)
    return {
      node: reaggregate(builder, {
        input: node,
        column,
        of: series,
        time: finest,
        keys: items,
        choice: definition.periodAgg,
      }),
      column,
      fill: undefined,
    }
  },
}
