import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { measuresOf } from '../aggregated.js'
import { checkPercentile } from '../aggregation-checks.js'
import type { RuleIssue } from '../rule.js'

/** Measures that are percentiles have one, others have none. */
export function* measurePercentiles(manifest: SemanticManifest): Iterable<RuleIssue> {
  for (const measure of measuresOf(manifest)) yield* checkPercentile(measure)
}
