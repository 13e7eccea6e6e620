import type { GroupByItem } from '../group-by-item.js'
import type { MetricDefinition } from '../metrics/definition.js'
import type { BoundFilter } from './bound-filter.js'
import type { TimeRange } from './time-range.js'

/** A query in which every name is resolved. */
export interface QuerySpec {
  readonly metrics: readonly QueriedMetric[]
  readonly groupBy: readonly QueriedItem[]
  readonly filters: readonly BoundFilter[]
  readonly orderBy: readonly { readonly column: string; readonly descending: boolean }[]
  readonly limit: number | undefined
  readonly timeRange: TimeRange | undefined
  readonly minMaxOnly: boolean
  readonly distinct: boolean
  /** Only the values of the items, as they occur with the metrics. */
  readonly valuesOnly: boolean
  /** Metrics that exist for this query only. */
  readonly definitions: readonly MetricDefinition[]
}

export interface QueriedMetric {
  readonly definition: MetricDefinition
  /** Name of the result's column. */
  readonly column: string
}

export interface QueriedItem {
  readonly item: GroupByItem
  /** Name of the result's column. */
  readonly column: string
}
