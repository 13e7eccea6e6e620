import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { simpleMetricsOf } from '../aggregated.js'
import { checkCount } from '../aggregation-checks.js'
import type { RuleIssue } from '../rule.js'

/** Simple metrics that count say what. */
export function* metricCounts(manifest: SemanticManifest): Iterable<RuleIssue> {
  for (const metric of simpleMetricsOf(manifest)) yield* checkCount(metric)
}
