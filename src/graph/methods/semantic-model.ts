import { byName } from './named-resource.js'

/** `semantic_model:name`, `semantic_model:package.name` */
export const semanticModel = byName(
  'semantic_model',
  'Semantic models must be of the form ${semantic_model_name} or ${semantic_model_package.semantic_model_name}',
)
