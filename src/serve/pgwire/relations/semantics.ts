import type { Manifest } from '../../../manifest/index.js'
import type { Metric, SavedQuery, SemanticModel } from '../../../manifest/semantic-manifest.js'

/** The semantic definitions of a project. */
export interface Semantics {
  readonly models: readonly SemanticModel[]
  readonly metrics: readonly Metric[]
  readonly savedQueries: readonly SavedQuery[]
}

/** The manifest holds them as JSON, in the same shape as semantic_manifest.json. */
export function semanticsOf(manifest: Manifest): Semantics {
  return {
    models: Object.values(manifest.semantic_models) as unknown as readonly SemanticModel[],
    metrics: Object.values(manifest.metrics) as unknown as readonly Metric[],
    savedQueries: Object.values(manifest.saved_queries) as unknown as readonly SavedQuery[],
  }
}
