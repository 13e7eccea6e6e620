/** The suite's manifests written again in the newer spelling, and read back: the same questions, the same answers. */

import { DiagnosticBag } from '../../../src/core/diagnostic.js'
import type {
  Dimension,
  Entity,
  Metric,
  MetricInput,
  SemanticManifest,
  SemanticModel,
  TimeWindow,
  WhereFilterIntersection,
} from '../../../src/manifest/semantic-manifest.js'
import { readModelSemantics, readTopLevelMetric } from '../../../src/parse/new-spec/index.js'
import { toPlannedManifest } from '../../../src/semantic/manifest/transform/index.js'

type Yaml = Record<string, unknown>

/** The manifest, once through the newer spelling. @throws PlumbError when what is written cannot be read. */
export function throughNewSpelling(manifest: SemanticManifest): SemanticManifest {
  const planned = toPlannedManifest(manifest)
  const bag = new DiagnosticBag()
  const models = planned.semantic_models.map((model) => {
    const own = planned.metrics.filter((metric) => ownerOf(metric) === model.name)
    const read = readModelSemantics(writeModel(model, own), bag)
    return { model, read: read! }
  })
  const topLevel = planned.metrics.filter((metric) => ownerOf(metric) === undefined)
  const result: SemanticManifest = {
    ...planned,
    semantic_models: models.map(({ model, read }) => ({ ...read.semanticModel, node_relation: model.node_relation })),
    metrics: [
      ...models.flatMap(({ read }) => read.metrics),
      ...topLevel.flatMap((metric) => readTopLevelMetric(writeMetric(metric), bag) ?? []),
    ],
  }
  bag.throwIfErrors()
  return result
}

export function ownerOf(metric: Metric): string | undefined {
  return metric.type === 'simple' ? metric.type_params.metric_aggregation_params?.semantic_model : undefined
}

export function writeModel(model: SemanticModel, metrics: readonly Metric[]): Yaml {
  const isColumn = (element: Entity | Dimension): boolean => /^[a-z_]\w*$/i.test(element.expr ?? element.name)
  const columns = new Map<string, Yaml>()
  const derived: { entities: Yaml[]; dimensions: Yaml[] } = { entities: [], dimensions: [] }
  const place = (element: Entity | Dimension, kind: 'entity' | 'dimension', fields: Yaml): void => {
    const expr = element.expr ?? element.name
    const granularity = 'is_partition' in element ? element.type_params?.time_granularity : undefined
    if (isColumn(element) && !columns.has(expr)) {
      const named = { name: element.name, ...fields }
      columns.set(expr, { name: expr, [kind]: named, ...(granularity ? { granularity } : {}) })
      return
    }
    const list = kind === 'entity' ? derived.entities : derived.dimensions
    list.push({ name: element.name, expr, ...fields, ...(granularity ? { granularity } : {}) })
  }
  for (const entity of model.entities) place(entity, 'entity', { type: entity.type })
  for (const dimension of model.dimensions) {
    const validity = dimension.type_params?.validity_params
    place(dimension, 'dimension', {
      type: dimension.type,
      is_partition: dimension.is_partition ?? false,
      ...(validity ? { validity_params: validity } : {}),
    })
  }
  return {
    name: model.node_relation.alias,
    semantic_model: { enabled: true, name: model.name },
    ...(model.defaults?.agg_time_dimension ? { agg_time_dimension: model.defaults.agg_time_dimension } : {}),
    ...(model.primary_entity ? { primary_entity: model.primary_entity } : {}),
    columns: [...columns.values()],
    derived_semantics: derived,
    metrics: metrics.map(writeMetric),
  }
}

export function writeMetric(metric: Metric): Yaml {
  const common: Yaml = {
    name: metric.name,
    type: metric.type,
    ...(metric.filter ? { filter: writeFilter(metric.filter) } : {}),
    ...(metric.time_granularity ? { time_granularity: metric.time_granularity } : {}),
  }
  const params = metric.type_params
  switch (metric.type) {
    case 'simple': {
      const own = params.metric_aggregation_params!
      const nonAdditive = own.non_additive_dimension
      return {
        ...common,
        agg: own.agg,
        expr: params.expr ?? metric.name,
        ...(params.join_to_timespine ? { join_to_timespine: true } : {}),
        ...(params.fill_nulls_with != null ? { fill_nulls_with: params.fill_nulls_with } : {}),
        ...(own.agg_params?.percentile != null ? { percentile: own.agg_params.percentile } : {}),
        ...(own.agg_params?.use_discrete_percentile ? { percentile_type: 'discrete' } : {}),
        ...(own.agg_params?.use_approximate_percentile ? { use_approximate_percentile: true } : {}),
        ...(own.agg_time_dimension ? { agg_time_dimension: own.agg_time_dimension } : {}),
        ...(nonAdditive
          ? {
              non_additive_dimension: {
                name: nonAdditive.name,
                window_agg: nonAdditive.window_choice,
                group_by: nonAdditive.window_groupings,
              },
            }
          : {}),
      }
    }
    case 'ratio':
      return { ...common, numerator: writeInput(params.numerator!), denominator: writeInput(params.denominator!) }
    case 'derived':
      return { ...common, expr: params.expr, input_metrics: (params.metrics ?? []).map(writeInput) }
    case 'cumulative': {
      const own = params.cumulative_type_params!
      return {
        ...common,
        input_metric: writeInput(own.metric!),
        ...(own.window ? { window: writeWindow(own.window) } : {}),
        ...(own.grain_to_date ? { grain_to_date: own.grain_to_date } : {}),
        ...(own.period_agg ? { period_agg: own.period_agg } : {}),
      }
    }
    case 'conversion': {
      const own = params.conversion_type_params!
      return {
        ...common,
        entity: own.entity,
        calculation: own.calculation,
        base_metric: writeInput(own.base_metric!),
        conversion_metric: writeInput(own.conversion_metric!),
        ...(own.window ? { window: writeWindow(own.window) } : {}),
        ...(own.constant_properties ? { constant_properties: own.constant_properties } : {}),
      }
    }
  }
}

function writeInput(input: MetricInput): unknown {
  const fields = {
    ...(input.filter ? { filter: writeFilter(input.filter) } : {}),
    ...(input.alias ? { alias: input.alias } : {}),
    ...(input.offset_window ? { offset_window: writeWindow(input.offset_window) } : {}),
    ...(input.offset_to_grain ? { offset_to_grain: input.offset_to_grain } : {}),
  }
  return { name: input.name, ...fields }
}

function writeFilter({ where_filters }: WhereFilterIntersection): string | string[] {
  const templates = where_filters.map((where) => where.where_sql_template)
  return templates.length === 1 ? templates[0]! : templates
}

function writeWindow({ count, granularity }: TimeWindow): string {
  return `${count} ${granularity}${count === 1 ? '' : 's'}`
}
