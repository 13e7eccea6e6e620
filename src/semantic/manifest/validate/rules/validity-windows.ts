import type { SemanticManifest, SemanticModel } from '../../../../manifest/semantic-manifest.js'
import { error, isSet, listNames, ofModel, type RuleIssue } from '../rule.js'

/** Rows that are valid for a time have one dimension for its start and one for its end, and a natural entity. */
export function* validityWindows({ semantic_models }: SemanticManifest): Iterable<RuleIssue> {
  for (const model of semantic_models) yield* checkModel(model)
}

const HOW = 'set validity_params on exactly two time dimensions, is_start on one and is_end on the other'

function* checkModel(model: SemanticModel): Iterable<RuleIssue> {
  const bounds = model.dimensions.filter((dimension) => isSet(dimension.type_params?.validity_params))
  if (bounds.length === 0) return
  const names = listNames(bounds.map((dimension) => dimension.name))
  const starts = bounds.filter((dimension) => dimension.type_params?.validity_params?.is_start).length
  const ends = bounds.filter((dimension) => dimension.type_params?.validity_params?.is_end).length
  if (bounds.length === 1 && starts === 1 && ends === 1) {
    yield error(`The dimension ${names} cannot be both start and end of the time a row is valid.`, ofModel(model), HOW)
  } else if (bounds.length !== 2) {
    yield error(`The time a row is valid is given by ${bounds.length} dimensions: ${names}.`, ofModel(model), HOW)
  } else if (starts !== 1 || ends !== 1) {
    yield error(`Of the dimensions ${names}, not exactly one is a start and one an end.`, ofModel(model), HOW)
  }

  const keys = model.entities.filter((entity) => entity.type === 'primary' || entity.type === 'unique')
  const keyNames = listNames(keys.map((entity) => entity.name))
  if (!model.entities.some((entity) => entity.type === 'natural')) {
    yield error(
      'Rows are valid for a time, but no entity is natural: which rows are of the same thing?',
      ofModel(model),
      keys.length > 0 ? `perhaps ${keyNames}` : undefined,
    )
  }
  if (keys.length > 0) {
    yield error(
      `Rows are valid for a time, so the model can have no primary or unique entity: ${keyNames}.`,
      ofModel(model),
    )
  }
  if (model.measures.length > 0) {
    const measures = listNames(model.measures.map((measure) => measure.name))
    yield error(`Rows are valid for a time, so the model can have no measures: ${measures}.`, ofModel(model))
  }
}
