import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { nearest } from '../../../query/suggestions.js'
import { error, ofMetric, type RuleIssue } from '../rule.js'

/** The measures that metrics use exist. */
export function* metricMeasures({ metrics, semantic_models }: SemanticManifest): Iterable<RuleIssue> {
  const measures = new Set(semantic_models.flatMap((model) => model.measures.map((measure) => measure.name)))
  for (const metric of metrics) {
    for (const { name } of metric.type_params.input_measures ?? []) {
      if (!measures.has(name)) {
        yield error(`There is no measure '${name}'.`, ofMetric(metric), nearest(name, [...measures]))
      }
    }
  }
}
