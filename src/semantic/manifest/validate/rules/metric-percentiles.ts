import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { simpleMetricsOf } from '../aggregated.js'
import { checkPercentile } from '../aggregation-checks.js'
import type { RuleIssue } from '../rule.js'

/** Simple metrics that are percentiles have one, others have none. */
export function* metricPercentiles(manifest: SemanticManifest): Iterable<RuleIssue> {
  for (const metric of simpleMetricsOf(manifest)) yield* checkPercentile(metric)
}
