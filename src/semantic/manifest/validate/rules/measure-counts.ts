import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { measuresOf } from '../aggregated.js'
import { checkCount } from '../aggregation-checks.js'
import type { RuleIssue } from '../rule.js'

/** Measures that count say what. */
export function* measureCounts(manifest: SemanticManifest): Iterable<RuleIssue> {
  for (const measure of measuresOf(manifest)) yield* checkCount(measure)
}
