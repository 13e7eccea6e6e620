import { mapModels, type TransformRule } from './rule.js'

/** Names of semantic models and of their elements are lower case. */
export const lowerCaseNames: TransformRule = (manifest) =>
  mapModels(manifest, (model) => ({
    ...model,
    name: model.name.toLowerCase(),
    measures: lowered(model.measures),
    entities: lowered(model.entities),
    dimensions: lowered(model.dimensions),
    ...(model.defaults?.agg_time_dimension
      ? { defaults: { ...model.defaults, agg_time_dimension: model.defaults.agg_time_dimension.toLowerCase() } }
      : {}),
  }))

function lowered<T extends { readonly name: string }>(elements: readonly T[] | null | undefined): readonly T[] {
  return (elements ?? []).map((element) => ({ ...element, name: element.name.toLowerCase() }))
}
