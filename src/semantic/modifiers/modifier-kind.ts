import type { TimeGranularity } from '../../sql/granularity.js'
import type { MetricDefinition } from '../metrics/definition.js'
import type { MetricModifier } from '../query/metric-query.js'

/** What a modifier is applied with. */
export interface ModifierContext {
  /** The grain a period has when the modifier does not say: the finest of `metric_time` in the query. */
  readonly periodGrain: TimeGranularity | undefined
  /** The items of the query that names stand for. @throws PlumbError for a name that the query is not grouped by. */
  itemNames(names: readonly string[]): readonly string[]
  metric(name: string): MetricDefinition
  /** Makes a definition known for this query. Returns it. */
  add<M extends MetricDefinition>(definition: M): M
}

/** Everything the engine must know about one kind of modifier. */
export interface ModifierKind<M extends MetricModifier> {
  /**
   * The metric that shows `base` in this way. Its name has a double underscore, which no name in a project has.
   * @throws PlumbError if that is not possible for such a metric.
   */
  define(base: MetricDefinition, modifier: M, context: ModifierContext): MetricDefinition
}
