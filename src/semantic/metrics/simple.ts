import { compute } from '../dataflow/nodes/compute.js'
import { aggregateInput } from './aggregate-input.js'
import type { SimpleMetric } from './definition.js'
import type { MetricKind } from './metric-kind.js'
import { buildRecipe } from './recipe.js'

/** An aggregation over the rows of one semantic model. */
export const simpleKind: MetricKind<SimpleMetric> = {
  type: 'simple',
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
