import { anyOf, bool, dict, integer, list, number, object, optional, text } from './shape.js'

/** What may stand in `semantic_models`, `metrics` and `saved_queries`, as dbt-core 1.11 has them. */

const maybeText = optional(text)
const maybeFilter = optional(anyOf(text, list(text)))

const inputMeasure = anyOf(
  object(
    {
      name: text,
      filter: maybeFilter,
      alias: maybeText,
      join_to_timespine: bool,
      fill_nulls_with: optional(integer),
    },
    { required: ['name'] },
  ),
  text,
)

const inputMetric = anyOf(
  object(
    {
      name: text,
      filter: maybeFilter,
      alias: maybeText,
      offset_window: maybeText,
      offset_to_grain: maybeText,
    },
    { required: ['name'] },
  ),
  text,
)

const constantProperty = object(
  { base_property: text, conversion_property: text },
  { required: ['base_property', 'conversion_property'] },
)

const typeParams = object({
  measure: optional(inputMeasure),
  numerator: optional(inputMetric),
  denominator: optional(inputMetric),
  expr: optional(anyOf(text, bool)),
  window: maybeText,
  grain_to_date: maybeText,
  metrics: optional(list(inputMetric)),
  conversion_type_params: optional(
    object(
      {
        base_measure: inputMeasure,
        conversion_measure: inputMeasure,
        entity: text,
        calculation: text,
        window: maybeText,
        constant_properties: optional(list(constantProperty)),
      },
      { required: ['base_measure', 'conversion_measure', 'entity'] },
    ),
  ),
  cumulative_type_params: optional(object({ window: maybeText, grain_to_date: maybeText, period_agg: text })),
})

export const metricShape = object(
  {
    name: text,
    label: text,
    type: text,
    type_params: typeParams,
    description: text,
    filter: maybeFilter,
    time_granularity: maybeText,
    meta: dict,
    tags: list(text),
    config: dict,
  },
  { required: ['name', 'label', 'type', 'type_params'] },
)

const entity = object(
  {
    name: text,
    type: text,
    description: maybeText,
    label: maybeText,
    role: maybeText,
    expr: maybeText,
    config: dict,
  },
  { required: ['name', 'type'] },
)

const measure = object(
  {
    name: text,
    agg: text,
    description: maybeText,
    label: maybeText,
    expr: optional(anyOf(text, bool, integer)),
    agg_params: optional(
      object({ percentile: optional(number), use_discrete_percentile: bool, use_approximate_percentile: bool }),
    ),
    non_additive_dimension: optional(
      object(
        { name: text, window_choice: text, window_groupings: list(text) },
        { required: ['name', 'window_choice'] },
      ),
    ),
    agg_time_dimension: maybeText,
    create_metric: bool,
    config: dict,
  },
  { required: ['name', 'agg'] },
)

const dimension = object(
  {
    name: text,
    type: text,
    description: maybeText,
    label: maybeText,
    is_partition: bool,
    type_params: optional(
      object(
        { time_granularity: text, validity_params: optional(object({ is_start: bool, is_end: bool })) },
        { required: ['time_granularity'] },
      ),
    ),
    expr: maybeText,
    config: dict,
  },
  { required: ['name', 'type'] },
)

export const semanticModelShape = object(
  {
    name: text,
    model: text,
    config: dict,
    description: maybeText,
    label: maybeText,
    defaults: optional(object({ agg_time_dimension: maybeText })),
    entities: list(entity),
    measures: list(measure),
    dimensions: list(dimension),
    primary_entity: maybeText,
  },
  { required: ['name', 'model'] },
)

export const savedQueryShape = object(
  {
    name: text,
    query_params: object({
      metrics: list(text),
      group_by: list(text),
      where: maybeFilter,
      order_by: list(text),
      limit: optional(integer),
    }),
    description: maybeText,
    label: maybeText,
    exports: list(object({ name: text, config: dict }, { required: ['name'] })),
    config: dict,
    tags: anyOf(text, list(text)),
  },
  { required: ['name', 'query_params'] },
)
