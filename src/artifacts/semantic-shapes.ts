import type { Shape } from './pick-fields.js'

/** The fields of dbt-semantic-interfaces' classes, in their order. */

const elementConfig: Shape = { meta: { absent: {} } }
const timeWindow: Shape = { count: null, granularity: null }
const filter: Shape = { where_filters: [{ where_sql_template: null }] }
const nodeRelation: Shape = { alias: null, schema_name: null, database: null, relation_name: null }

const inputMeasure: Shape = {
  name: null,
  filter,
  alias: null,
  join_to_timespine: { absent: false },
  fill_nulls_with: null,
}

const inputMetric: Shape = { name: null, filter, alias: null, offset_window: timeWindow, offset_to_grain: null }

export const SEMANTIC_MODEL: Shape = {
  name: null,
  defaults: { agg_time_dimension: null },
  description: null,
  node_relation: nodeRelation,
  primary_entity: null,
  entities: [
    {
      name: null,
      description: null,
      type: null,
      role: null,
      expr: null,
      metadata: null,
      label: null,
      config: elementConfig,
    },
  ],
  measures: [
    {
      name: null,
      agg: null,
      description: null,
      create_metric: null,
      expr: null,
      agg_params: {
        percentile: null,
        use_discrete_percentile: { absent: false },
        use_approximate_percentile: { absent: false },
      },
      metadata: null,
      non_additive_dimension: { name: null, window_choice: { absent: 'min' }, window_groupings: { absent: [] } },
      agg_time_dimension: null,
      label: null,
      config: elementConfig,
    },
  ],
  dimensions: [
    {
      name: null,
      description: null,
      type: null,
      is_partition: { absent: false },
      type_params: {
        time_granularity: null,
        validity_params: { is_start: { absent: false }, is_end: { absent: false } },
      },
      expr: null,
      metadata: null,
      label: null,
      config: elementConfig,
    },
  ],
  label: null,
  metadata: null,
  config: elementConfig,
}

export const METRIC: Shape = {
  name: null,
  description: null,
  type: null,
  type_params: {
    measure: inputMeasure,
    numerator: inputMetric,
    denominator: inputMetric,
    expr: null,
    window: timeWindow,
    grain_to_date: null,
    metrics: [inputMetric],
    conversion_type_params: {
      base_measure: inputMeasure,
      conversion_measure: inputMeasure,
      entity: null,
      calculation: { absent: 'conversion_rate' },
      window: timeWindow,
      constant_properties: [{ base_property: null, conversion_property: null }],
      base_metric: { optional: true },
      conversion_metric: { optional: true },
    },
    cumulative_type_params: {
      window: timeWindow,
      grain_to_date: null,
      period_agg: { absent: 'first' },
      // newer than the classes of dbt 1.11
      metric: { optional: true },
    },
    input_measures: [inputMeasure],
    // of metrics that aggregate without a measure: newer than dbt 1.11
    metric_aggregation_params: { optional: true },
    join_to_timespine: { optional: true },
    fill_nulls_with: { optional: true },
    is_private: { optional: true },
  },
  filter,
  metadata: null,
  label: null,
  config: elementConfig,
  time_granularity: null,
}

export const SAVED_QUERY: Shape = {
  name: null,
  query_params: {
    metrics: { absent: [] },
    group_by: { absent: [] },
    order_by: { absent: [] },
    limit: null,
    where: filter,
  },
  description: null,
  metadata: null,
  label: null,
  exports: [{ name: null, config: { export_as: null, schema_name: null, alias: null } }],
  tags: { absent: [] },
}
