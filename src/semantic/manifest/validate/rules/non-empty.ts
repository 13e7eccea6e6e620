import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { error, type RuleIssue } from '../rule.js'

/** There are semantic models, and metrics on them. */
export function* nonEmpty({ semantic_models, metrics }: SemanticManifest): Iterable<RuleIssue> {
  if (semantic_models.length === 0) yield error('There are no semantic models.')
  const makesMetrics = semantic_models.some((model) => model.measures.some((measure) => measure.create_metric === true))
  if (metrics.length === 0 && !makesMetrics) yield error('There are no metrics.')
}
