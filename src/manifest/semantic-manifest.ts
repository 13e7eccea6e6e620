/**
 * The semantic manifest in the shape of dbt's `semantic_manifest.json` (dbt-semantic-interfaces), snake_case as dbt
 * writes it. Fields that only newer writers fill are optional.
 */
export interface SemanticManifest {
  readonly semantic_models: readonly SemanticModel[]
  readonly metrics: readonly Metric[]
  readonly project_configuration: ProjectConfiguration
  readonly saved_queries: readonly SavedQuery[]
}

export interface SemanticMetadata {
  readonly repo_file_path: string
  readonly file_slice: {
    readonly filename: string
    readonly content: string
    readonly start_line_number: number
    readonly end_line_number: number
  }
}

/** `config:` of any semantic object; `meta` is free for the user. */
export interface SemanticConfig {
  readonly meta?: Readonly<Record<string, unknown>>
  readonly [key: string]: unknown
}

export interface NodeRelation {
  readonly alias: string
  readonly schema_name: string
  readonly database?: string | null
  /** The rendered name, quoted for the warehouse: `"db"."schema"."table"`. */
  readonly relation_name: string
}

export interface ProjectConfiguration {
  readonly time_spine_table_configurations: readonly LegacyTimeSpine[]
  readonly metadata?: SemanticMetadata | null
  readonly dsi_package_version?: {
    readonly major_version: string
    readonly minor_version: string
    readonly patch_version: string
  }
  readonly time_spines: readonly TimeSpineConfig[]
}

/** The time spine of before dbt 1.9: a model named `metricflow_time_spine`. */
export interface LegacyTimeSpine {
  readonly location: string
  readonly column_name: string
  readonly grain: string
}

export interface TimeSpineConfig {
  readonly node_relation: NodeRelation
  readonly primary_column: { readonly name: string; readonly time_granularity: string }
  readonly custom_granularities: readonly CustomGranularityColumn[]
}

export interface CustomGranularityColumn {
  readonly name: string
  readonly column_name?: string | null
}

export interface SemanticModel {
  readonly name: string
  readonly defaults?: { readonly agg_time_dimension?: string | null } | null
  readonly description?: string | null
  readonly node_relation: NodeRelation
  /** Names the entity of a table that has no key column. */
  readonly primary_entity?: string | null
  readonly entities: readonly Entity[]
  readonly measures: readonly Measure[]
  readonly dimensions: readonly Dimension[]
  readonly label?: string | null
  readonly metadata?: SemanticMetadata | null
  readonly config?: SemanticConfig | null
}

export const ENTITY_TYPES = ['foreign', 'natural', 'primary', 'unique'] as const
export type EntityType = (typeof ENTITY_TYPES)[number]

export interface Entity {
  readonly name: string
  readonly description?: string | null
  readonly type: EntityType
  readonly role?: string | null
  readonly expr?: string | null
  readonly metadata?: SemanticMetadata | null
  readonly label?: string | null
  readonly config?: SemanticConfig | null
}

export interface Dimension {
  readonly name: string
  readonly description?: string | null
  readonly type: 'categorical' | 'time'
  readonly is_partition?: boolean
  readonly type_params?: DimensionTypeParams | null
  readonly expr?: string | null
  readonly metadata?: SemanticMetadata | null
  readonly label?: string | null
  readonly config?: SemanticConfig | null
}

export interface DimensionTypeParams {
  readonly time_granularity?: string | null
  readonly validity_params?: { readonly is_start?: boolean; readonly is_end?: boolean } | null
}

export const AGGREGATION_TYPES = [
  'sum',
  'min',
  'max',
  'count_distinct',
  'sum_boolean',
  'average',
  'percentile',
  'median',
  'count',
] as const
export type AggregationType = (typeof AGGREGATION_TYPES)[number]

export interface AggregationParams {
  readonly percentile?: number | null
  readonly use_discrete_percentile?: boolean
  readonly use_approximate_percentile?: boolean
}

export interface NonAdditiveDimension {
  readonly name: string
  readonly window_choice: AggregationType
  readonly window_groupings: readonly string[]
}

export interface Measure {
  readonly name: string
  readonly agg: AggregationType
  readonly description?: string | null
  readonly create_metric?: boolean | null
  readonly expr?: string | null
  readonly agg_params?: AggregationParams | null
  readonly metadata?: SemanticMetadata | null
  readonly non_additive_dimension?: NonAdditiveDimension | null
  readonly agg_time_dimension?: string | null
  readonly label?: string | null
  readonly config?: SemanticConfig | null
}

export interface WhereFilter {
  readonly where_sql_template: string
}

export interface WhereFilterIntersection {
  readonly where_filters: readonly WhereFilter[]
}

export const METRIC_TYPES = ['simple', 'ratio', 'cumulative', 'derived', 'conversion'] as const
export type MetricType = (typeof METRIC_TYPES)[number]

export interface TimeWindow {
  readonly count: number
  /** A grain or a custom grain; a trailing `s` may still be there before the transforms ran. */
  readonly granularity: string
}

export interface MetricInputMeasure {
  readonly name: string
  readonly filter?: WhereFilterIntersection | null
  readonly alias?: string | null
  readonly join_to_timespine?: boolean
  readonly fill_nulls_with?: number | null
}

export interface MetricInput {
  readonly name: string
  readonly filter?: WhereFilterIntersection | null
  readonly alias?: string | null
  readonly offset_window?: TimeWindow | null
  readonly offset_to_grain?: string | null
}

export interface ConstantProperty {
  readonly base_property: string
  readonly conversion_property: string
}

export interface ConversionTypeParams {
  readonly base_measure?: MetricInputMeasure | null
  readonly base_metric?: MetricInput | null
  readonly conversion_measure?: MetricInputMeasure | null
  readonly conversion_metric?: MetricInput | null
  readonly entity: string
  readonly calculation?: 'conversions' | 'conversion_rate'
  readonly window?: TimeWindow | null
  readonly constant_properties?: readonly ConstantProperty[] | null
}

export type PeriodAggregation = 'first' | 'last' | 'average'

export interface CumulativeTypeParams {
  readonly window?: TimeWindow | null
  readonly grain_to_date?: string | null
  readonly period_agg?: PeriodAggregation
  readonly metric?: MetricInput | null
}

/** How a simple metric that stands without a measure is aggregated. */
export interface MetricAggregationParams {
  readonly semantic_model: string
  readonly agg: AggregationType
  readonly agg_params?: AggregationParams | null
  readonly agg_time_dimension?: string | null
  readonly non_additive_dimension?: NonAdditiveDimension | null
}

export interface MetricTypeParams {
  readonly measure?: MetricInputMeasure | null
  readonly numerator?: MetricInput | null
  readonly denominator?: MetricInput | null
  readonly expr?: string | null
  readonly window?: TimeWindow | null
  readonly grain_to_date?: string | null
  readonly metrics?: readonly MetricInput[] | null
  readonly conversion_type_params?: ConversionTypeParams | null
  readonly cumulative_type_params?: CumulativeTypeParams | null
  readonly input_measures?: readonly MetricInputMeasure[]
  readonly metric_aggregation_params?: MetricAggregationParams | null
  readonly join_to_timespine?: boolean
  readonly fill_nulls_with?: number | null
  /** Made for a measure, not written by anyone: usable, but not listed. */
  readonly is_private?: boolean | null
}

export interface Metric {
  readonly name: string
  readonly description?: string | null
  readonly type: MetricType
  readonly type_params: MetricTypeParams
  readonly filter?: WhereFilterIntersection | null
  readonly metadata?: SemanticMetadata | null
  readonly label?: string | null
  readonly config?: SemanticConfig | null
  readonly time_granularity?: string | null
}

export interface SavedQueryParams {
  readonly metrics: readonly string[]
  readonly group_by: readonly string[]
  readonly order_by?: readonly string[]
  readonly limit?: number | null
  readonly where?: WhereFilterIntersection | null
}

export interface SavedQueryExport {
  readonly name: string
  readonly config: {
    readonly export_as: string
    readonly schema_name?: string | null
    readonly alias?: string | null
    readonly database?: string | null
  }
}

export interface SavedQuery {
  readonly name: string
  readonly query_params: SavedQueryParams
  readonly description?: string | null
  readonly metadata?: SemanticMetadata | null
  readonly label?: string | null
  readonly exports?: readonly SavedQueryExport[]
  readonly tags?: string | readonly string[]
}
