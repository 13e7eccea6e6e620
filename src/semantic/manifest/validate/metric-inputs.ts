import type { Metric, SemanticManifest, SemanticModel } from '../../../manifest/semantic-manifest.js'

/** The measures and metrics of a manifest by name: what references in metrics lead to. */
export interface ManifestIndex {
  readonly metrics: ReadonlyMap<string, Metric>
  readonly models: ReadonlyMap<string, SemanticModel>
  /** The first model that has a measure of the name. */
  readonly modelOfMeasure: ReadonlyMap<string, SemanticModel>
}

export function indexManifest({ metrics, semantic_models }: SemanticManifest): ManifestIndex {
  const modelOfMeasure = new Map<string, SemanticModel>()
  for (const model of semantic_models) {
    for (const measure of model.measures) {
      if (!modelOfMeasure.has(measure.name)) modelOfMeasure.set(measure.name, model)
    }
  }
  return {
    metrics: new Map(metrics.map((metric) => [metric.name, metric])),
    models: new Map(semantic_models.map((model) => [model.name, model])),
    modelOfMeasure,
  }
}
