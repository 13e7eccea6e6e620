import type { Metric, SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { error, isSet, listNames, ofMetric, type RuleIssue, warning } from '../rule.js'

/** Simple metrics have a measure or aggregate by themselves; other metrics do neither. */
export function* metricAggregationParams({ metrics }: SemanticManifest): Iterable<RuleIssue> {
  for (const metric of metrics) yield* metric.type === 'simple' ? checkSimple(metric) : checkOther(metric)
}

function* checkSimple(metric: Metric): Iterable<RuleIssue> {
  const { measure, metric_aggregation_params, fill_nulls_with, join_to_timespine } = metric.type_params
  if (!isSet(measure)) {
    if (!isSet(metric_aggregation_params)) {
      yield error('A simple metric needs a measure, or an aggregation of its own.', ofMetric(metric))
    }
    return
  }
  const ignored = [
    ...(isSet(fill_nulls_with) ? ['fill_nulls_with'] : []),
    ...(join_to_timespine ? ['join_to_timespine'] : []),
  ]
  if (isSet(metric_aggregation_params)) {
    yield warning(
      `The measure '${measure.name}' is not used: the metric has an aggregation of its own.`,
      ofMetric(metric),
    )
  }
  for (const field of ignored) {
    yield warning(`${field} of the metric is not used: that of its measure '${measure.name}' is.`, ofMetric(metric))
  }
}

function* checkOther(metric: Metric): Iterable<RuleIssue> {
  const { metric_aggregation_params, fill_nulls_with, join_to_timespine } = metric.type_params
  if (isSet(metric_aggregation_params)) {
    yield error(`A ${metric.type} metric cannot have an aggregation of its own.`, ofMetric(metric))
  }
  const illegal = [
    ...(isSet(fill_nulls_with) ? ['fill_nulls_with'] : []),
    ...(join_to_timespine ? ['join_to_timespine'] : []),
  ]
  if (illegal.length > 0) {
    yield error(`A ${metric.type} metric cannot have ${listNames(illegal)}: only simple metrics can.`, ofMetric(metric))
  }
}
