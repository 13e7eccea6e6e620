import type { AggregationType } from '../../manifest/semantic-manifest.js'
import { compute } from '../dataflow/nodes/compute.js'
import { aggregateInput } from './aggregate-input.js'
import type { SimpleMetric } from './definition.js'
import type { MetricKind } from './metric-kind.js'
import { buildRecipe } from './recipe.js'

const AGGREGATIONS: { readonly [K in AggregationType]: string } = {
  sum: 'sum of',
  min: 'smallest',
  max: 'largest',
  average: 'average of',
  count: 'number of',
  count_distinct: 'number of different',
  sum_boolean: 'number of true',
  percentile: 'percentile of',
  median: 'median of',
}

/** An aggregation over the rows of one semantic model. */
export const simpleKind: MetricKind<SimpleMetric> = {
  type: 'simple',
  describe: ({ agg, expr, model, aggTime }) => `${AGGREGATIONS[agg]} ${expr} over ${model.name}, dated by ${aggTime}`,
  plan: (spec, planner) => {
    const recipe = buildRecipe(
      {
        metric: spec.definition,
        items: spec.items,
        filters: spec.filters,
        offsetWindow: spec.offsetWindow,
        offsetToGrain: spec.offsetToGrain,
        cumulative: undefined,
      },
      planner,
    )
    const input = aggregateInput(recipe, spec.timeRange, planner)
    const fill = spec.definition.fillNullsWith
    const column = planner.column(`${input.node.id} ${input.column.id} fill ${fill ?? ''}`, spec.definition.name)
    const node = compute(planner.builder, input.node, [
      { column, formula: { kind: 'column', column: input.column, fill } },
    ])
    return { node, column, fill }
  },
}
