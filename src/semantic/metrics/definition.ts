import type { AggregationParams, AggregationType, Metric, PeriodAggregation } from '../../manifest/semantic-manifest.js'
import type { TimeGranularity } from '../../sql/granularity.js'
import type { ModelNode } from '../graph/model-node.js'

interface DefinitionBase {
  readonly name: string
  readonly metric: Metric
  /** Filters of the definition, as templates. */
  readonly filters: readonly string[]
  /** The grain `metric_time` has when a query does not say; undefined: days, or the finest there is. */
  readonly timeGranularity: TimeGranularity | undefined
}

/** An aggregation over the rows of one semantic model: what all other metrics come down to. */
export interface SimpleMetric extends DefinitionBase {
  readonly type: 'simple'
  readonly model: ModelNode
  readonly agg: AggregationType
  readonly aggParams: AggregationParams
  readonly expr: string
  readonly aggTime: string
  readonly aggTimeGrain: TimeGranularity
  readonly nonAdditive: NonAdditive | undefined
  readonly joinToTimeSpine: boolean
  readonly fillNullsWith: number | undefined
}

export interface NonAdditive {
  readonly dimension: string
  readonly choice: 'min' | 'max'
  readonly groupings: readonly string[]
}

/** `count` grains of time. The granularity may be a custom one. */
export interface Window {
  readonly count: number
  readonly granularity: string
}

/** The use of a metric in the definition of another. */
export interface MetricInputDefinition {
  readonly name: string
  /** The name the expression calls it by. */
  readonly alias: string
  readonly filters: readonly string[]
  readonly offsetWindow: Window | undefined
  readonly offsetToGrain: TimeGranularity | undefined
}

export interface RatioMetric extends DefinitionBase {
  readonly type: 'ratio'
  /** Numerator, then denominator. */
  readonly inputs: readonly MetricInputDefinition[]
}

export interface DerivedMetric extends DefinitionBase {
  readonly type: 'derived'
  readonly inputs: readonly MetricInputDefinition[]
  readonly expr: string
}

export interface CumulativeMetric extends DefinitionBase {
  readonly type: 'cumulative'
  readonly input: MetricInputDefinition
  readonly window: Window | undefined
  readonly grainToDate: TimeGranularity | undefined
  readonly periodAgg: PeriodAggregation
}

export interface ConversionMetric extends DefinitionBase {
  readonly type: 'conversion'
  readonly base: MetricInputDefinition
  readonly conversion: MetricInputDefinition
  readonly entity: string
  readonly calculation: 'conversions' | 'conversion_rate'
  readonly window: Window | undefined
  readonly constantProperties: readonly { readonly base: string; readonly conversion: string }[]
}

/** A part of a whole: no definition in a project, only asked for with a query. */
export interface ShareMetric extends DefinitionBase {
  readonly type: 'share'
  readonly input: MetricInputDefinition
  /** Names of the items that the whole is grouped by as well. */
  readonly within: readonly string[]
}

export type MetricDefinition =
  | SimpleMetric
  | RatioMetric
  | DerivedMetric
  | CumulativeMetric
  | ConversionMetric
  | ShareMetric
