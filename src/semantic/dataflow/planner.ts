import type { SemanticCatalog } from '../catalog.js'
import { putTogether } from '../metrics/compute-from-inputs.js'
import type { MetricDefinition } from '../metrics/definition.js'
import { distinctValues } from '../metrics/distinct-values.js'
import { metricKinds } from '../metrics/index.js'
import type { MetricKind, MetricSpec, PlannedMetric, Planner } from '../metrics/metric-kind.js'
import type { DefinitionFilters } from '../query/definition-filters.js'
import type { QuerySpec } from '../query/query-spec.js'
import { minMax } from './nodes/min-max.js'
import { type OutputColumn, type OutputNode, output } from './nodes/output.js'
import { rangeKey } from './nodes/read-model.js'
import { type MetricColumn, PlanBuilder } from './plan.js'

/** Plans a resolved query, step by step as it is defined; `optimizePlan` makes it cheaper. */
export function planQuery(
  spec: QuerySpec,
  catalog: SemanticCatalog,
  filters: DefinitionFilters,
): { readonly plan: OutputNode; readonly builder: PlanBuilder } {
  const planner = createPlanner(catalog, filters)
  const { builder } = planner
  const items = spec.groupBy.map((queried): OutputColumn => ({ name: queried.column, item: queried.item }))
  const rest = { orderBy: spec.orderBy, limit: spec.limit }
  if (spec.metrics.length === 0) {
    const rows = distinctValues(spec, planner)
    const [first] = spec.groupBy
    if (!spec.minMaxOnly || first === undefined) {
      return { plan: output(builder, { input: rows, columns: items, ...rest }), builder }
    }
    const edges = minMax(builder, rows, first.item)
    const columns: OutputColumn[] = [
      { name: `${first.column}__min`, metric: edges.min },
      { name: `${first.column}__max`, metric: edges.max },
    ]
    return { plan: output(builder, { input: edges, columns, ...rest }), builder }
  }
  const keys = spec.groupBy.map((queried) => queried.item)
  const planned = spec.metrics.map(({ definition }) =>
    planner.plan({
      definition,
      filters: spec.filters,
      offsetWindow: undefined,
      offsetToGrain: undefined,
      items: keys,
      timeRange: spec.timeRange,
    }),
  )
  const metrics = spec.metrics.map(
    (metric, index): OutputColumn => ({ name: metric.column, metric: planned[index]!.column }),
  )
  const input = putTogether(planned, keys, planner)
  return {
    plan: output(builder, { input, columns: spec.valuesOnly ? items : [...items, ...metrics], ...rest }),
    builder,
  }
}

function createPlanner(catalog: SemanticCatalog, filters: DefinitionFilters): Planner {
  const plans = new Map<string, PlannedMetric>()
  const columns = new Map<string, MetricColumn>()
  const planner: Planner = {
    catalog,
    filters,
    builder: new PlanBuilder(),
    plan: (spec) => {
      const key = specKey(spec)
      let planned = plans.get(key)
      if (planned === undefined) {
        const kind = metricKinds[spec.definition.type] as unknown as MetricKind<MetricDefinition>
        planned = kind.plan(spec, planner)
        plans.set(key, planned)
      }
      return planned
    },
    column: (key, label) => {
      let column = columns.get(key)
      if (column === undefined) {
        column = { id: `c${columns.size}`, label }
        columns.set(key, column)
      }
      return column
    },
  }
  return planner
}

function specKey(spec: MetricSpec): string {
  const window = spec.offsetWindow
  return [
    spec.definition.name,
    spec.filters.map((filter) => filter.key).join('&'),
    window === undefined ? '' : `${window.count} ${window.granularity}`,
    spec.offsetToGrain ?? '',
    spec.items.map((item) => item.name).join(),
    rangeKey(spec.timeRange),
  ].join('|')
}
