import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { measuresOf } from '../aggregated.js'
import { checkNonAdditive } from '../aggregation-checks.js'
import type { RuleIssue } from '../rule.js'

/** The non_additive_dimension of a measure is a time dimension that it can be used with. */
export function* measureNonAdditiveDimensions(manifest: SemanticManifest): Iterable<RuleIssue> {
  for (const measure of measuresOf(manifest)) yield* checkNonAdditive(measure)
}
