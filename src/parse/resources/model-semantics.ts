import { type Diagnostic, DiagnosticBag } from '../../core/diagnostic.js'
import type { Json, JsonObject, SemanticModelNode } from '../../manifest/index.js'
import type { SemanticModel } from '../../manifest/semantic-manifest.js'
import type { YamlPath } from '../../project/index.js'
import { hasSemanticModel, readModelSemantics } from '../new-spec/index.js'
import { throwAt } from '../new-spec/throw-at.js'
import { foldersOf } from '../node-fields.js'
import type { Data, NodeProperties } from '../properties/node-properties.js'
import { isDict } from '../shape/shape.js'
import { blame, type ParseState } from '../state.js'
import { addResource } from './add-node.js'
import { addReadMetric } from './metric.js'

/** Adds the semantic model that a model's entry says it is (`semantic_model:`), and the metrics in it. */
export function addModelSemantics(state: ParseState, { entry, data }: NodeProperties): void {
  if (!hasSemanticModel(data)) return
  const bag = new DiagnosticBag()
  const read = readModelSemantics(data, bag)
  throwAt(bag, entry, (fault) => placeIn(fault, data))
  if (read === undefined) return
  addSemanticModel(state, entry, data, read.semanticModel)
  const metrics = data['metrics'] as readonly Data[]
  for (const metric of read.metrics) {
    const index = metrics.findIndex(({ name }) => name === metric.name)
    addReadMetric(state, { ...entry, base: [...entry.base, 'metrics', index] }, metrics[index]!, metric)
  }
}

function placeIn({ subject }: Diagnostic, data: Data): YamlPath {
  const metrics = Array.isArray(data['metrics']) ? (data['metrics'] as readonly Data[]) : []
  const index = metrics.findIndex(({ name }) => subject === `metric ${String(name)}`)
  return index === -1 ? ['semantic_model'] : ['metrics', index]
}

function addSemanticModel(
  state: ParseState,
  entry: NodeProperties['entry'],
  data: Data,
  given: Omit<SemanticModel, 'node_relation'>,
): void {
  const { file } = entry.properties
  const { name } = given
  const modelName = String(data['name'])
  const fqn = [file.packageName, ...foldersOf(file.relativePath), name]
  const id = `semantic_model.${file.packageName}.${name}`
  try {
    const subject = { type: 'semantic_model', packageName: file.packageName, fqn } as const
    const own = data['semantic_model']
    const patch = {
      ...(isDict(own) && isDict(own['config']) ? own['config'] : {}),
      ...(isDict(own) && own['group'] !== undefined ? { group: own['group'] } : {}),
    } as { [key: string]: unknown }
    const config = state.configs.resolve(subject, { patch }) as SemanticModelNode['config']
    const model: SemanticModelNode = {
      name,
      resource_type: 'semantic_model',
      package_name: file.packageName,
      path: file.relativePath,
      original_file_path: file.originalPath,
      unique_id: id,
      fqn,
      model: `ref('${modelName}')`,
      node_relation: null,
      description: given.description ?? null,
      label: given.label ?? null,
      defaults: (given.defaults ?? null) as Json as JsonObject | null,
      entities: given.entities.map((entity) => element(entity, config.meta)),
      measures: [],
      dimensions: given.dimensions.map((dimension) => ({ ...element(dimension, config.meta), metadata: null })),
      metadata: null,
      depends_on: { macros: [], nodes: [] },
      refs: [{ name: modelName, package: null, version: null }],
      created_at: state.createdAt,
      config,
      unrendered_config: state.configs.unrendered(subject, { patch }) as JsonObject,
      primary_entity: given.primary_entity ?? null,
      group: config.group,
    }
    state.places.set(id, () => entry.properties.at([...entry.base, 'semantic_model']))
    addResource(state, 'semantic_models', model)
  } catch (error) {
    throw blame(error, { name, resource_type: 'semantic_model', unique_id: id, original_file_path: file.originalPath })
  }
}

/** Elements have the model's meta and their own. */
function element(given: SemanticModel['entities'][number] | SemanticModel['dimensions'][number], meta: JsonObject) {
  return { ...given, config: { meta: { ...meta, ...given.config?.meta } } } as unknown as JsonObject
}
