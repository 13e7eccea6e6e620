import type { Dimension, SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { error, ofModel, type RuleIssue } from '../rule.js'

/** Dimensions of the same name are of the same type in all semantic models, and all or none are partitions. */
export function* dimensionConsistency({ semantic_models }: SemanticManifest): Iterable<RuleIssue> {
  const first = new Map<string, { readonly dimension: Dimension; readonly model: string }>()
  for (const model of semantic_models) {
    for (const dimension of model.dimensions) {
      const known = first.get(dimension.name)
      if (known === undefined) {
        first.set(dimension.name, { dimension, model: model.name })
        continue
      }
      if (known.dimension.type !== dimension.type) {
        yield error(
          `Dimension '${dimension.name}' is ${dimension.type} here, but ${known.dimension.type} in semantic model '${known.model}'.`,
          ofModel(model),
        )
      }
      if (Boolean(known.dimension.is_partition) !== Boolean(dimension.is_partition)) {
        const [here, there] = dimension.is_partition ? ['a partition', 'not'] : ['not a partition', 'one']
        yield error(
          `Dimension '${dimension.name}' is ${here} here, but ${there} in semantic model '${known.model}'.`,
          ofModel(model),
        )
      }
    }
  }
}
