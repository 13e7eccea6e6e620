import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { simpleMetricsOf } from '../aggregated.js'
import { checkNonAdditive } from '../aggregation-checks.js'
import { indexManifest } from '../metric-inputs.js'
import { error, isSet, ofMetric, type RuleIssue } from '../rule.js'

/** The non_additive_dimension of a simple metric is a time dimension that it can be used with. */
export function* metricNonAdditiveDimensions(manifest: SemanticManifest): Iterable<RuleIssue> {
  const { models } = indexManifest(manifest)
  for (const metric of manifest.metrics) {
    const params = metric.type === 'simple' ? metric.type_params.metric_aggregation_params : undefined
    if (!isSet(params?.non_additive_dimension) || models.has(params.semantic_model)) continue
    yield error(`There is no semantic model '${params.semantic_model}'.`, ofMetric(metric))
  }
  for (const metric of simpleMetricsOf(manifest)) yield* checkNonAdditive(metric)
}
