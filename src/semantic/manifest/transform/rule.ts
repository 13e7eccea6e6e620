import type { Metric, SemanticManifest, SemanticModel } from '../../../manifest/semantic-manifest.js'

/** One step that brings a manifest nearer to the form the engine plans on. Never changes its argument. */
export type TransformRule = (manifest: SemanticManifest) => SemanticManifest

/** The manifest with every metric replaced by `change`'s answer. */
export function mapMetrics(manifest: SemanticManifest, change: (metric: Metric) => Metric): SemanticManifest {
  return { ...manifest, metrics: manifest.metrics.map(change) }
}

/** The manifest with every semantic model replaced by `change`'s answer. */
export function mapModels(
  manifest: SemanticManifest,
  change: (model: SemanticModel) => SemanticModel,
): SemanticManifest {
  return { ...manifest, semantic_models: manifest.semantic_models.map(change) }
}
