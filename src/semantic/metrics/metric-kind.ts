import type { TimeGranularity } from '../../sql/granularity.js'
import type { SemanticCatalog } from '../catalog.js'
import type { DataflowNode, MetricColumn, PlanBuilder } from '../dataflow/plan.js'
import type { GroupByItem } from '../group-by-item.js'
import type { BoundFilter } from '../query/bound-filter.js'
import type { DefinitionFilters } from '../query/definition-filters.js'
import type { TimeRange } from '../query/time-range.js'
import type { MetricDefinition, Window } from './definition.js'

/** A metric to be planned, with what the place of its use adds to its definition. */
export interface MetricSpec<M extends MetricDefinition = MetricDefinition> {
  readonly definition: M
  /** Filters from outside: the query's, and those of the metrics it is an input of. */
  readonly filters: readonly BoundFilter[]
  readonly offsetWindow: Window | undefined
  readonly offsetToGrain: TimeGranularity | undefined
  readonly items: readonly GroupByItem[]
  /** The range of the query; undefined also where it must not be applied yet. */
  readonly timeRange: TimeRange | undefined
}

/** A plan for a metric: rows by the items asked for, the metric in a column. */
export interface PlannedMetric {
  readonly node: DataflowNode
  readonly column: MetricColumn
  /** What stands for a missing value where the metric is put beside others. */
  readonly fill: number | undefined
}

/** What the kinds of metric plan with. */
export interface Planner {
  readonly catalog: SemanticCatalog
  readonly builder: PlanBuilder
  readonly filters: DefinitionFilters
  /** The plan of another metric; equal specifications get the same plan. */
  plan(spec: MetricSpec): PlannedMetric
  /** A column for a metric; equal keys get the same column. */
  column(key: string, label: string): MetricColumn
}

/** Everything the engine must know about one kind of metric. */
export interface MetricKind<M extends MetricDefinition> {
  readonly type: M['type']
  /** What the metric is, in words. */
  describe(definition: M): string
  plan(spec: MetricSpec<M>, planner: Planner): PlannedMetric
}
