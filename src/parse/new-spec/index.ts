import type { DiagnosticBag } from '../../core/diagnostic.js'
import type { Dimension, Entity, Metric, SemanticModel } from '../../manifest/semantic-manifest.js'
import { readColumn, readConfig, readDerivedDimension, readDerivedEntity } from './elements.js'
import { Fields, isObject, type YamlObject } from './fields.js'
import { isNewMetric, readMetric } from './metrics.js'

export { isNewMetric } from './metrics.js'

/** What a model's properties say about metrics: its semantic model, still without its table, and its own metrics. */
export interface ModelSemantics {
  readonly semanticModel: Omit<SemanticModel, 'node_relation'>
  readonly metrics: readonly Metric[]
}

/** Whether an entry of `models:` has a semantic model in it. */
export function hasSemanticModel(entry: YamlObject): boolean {
  const value = entry['semantic_model']
  return value === true || (isObject(value) && value['enabled'] !== false)
}

/**
 * Reads the newer spelling of semantic models: `semantic_model:` on a model, entities and dimensions on its columns,
 * `derived_semantics:` for what no column is, `metrics:` for what is aggregated from it. The result is what the older
 * spelling gives. Faults go into the bag.
 */
export function readModelSemantics(entry: YamlObject, bag: DiagnosticBag): ModelSemantics | undefined {
  if (!hasSemanticModel(entry)) return undefined
  const modelName = typeof entry['name'] === 'string' ? entry['name'] : ''
  const fields = new Fields(entry, `model ${modelName}`, bag)
  const settings = fields.within(isObject(entry['semantic_model']) ? entry['semantic_model'] : {})
  const name = settings.text('name') ?? modelName

  const entities: Entity[] = []
  const dimensions: Dimension[] = []
  for (const column of fields.objects('columns')) {
    const element = readColumn(fields.within(column))
    if (element.entity !== undefined) entities.push(element.entity)
    if (element.dimension !== undefined) dimensions.push(element.dimension)
  }
  const derived = fields.within(fields.object('derived_semantics') ?? {})
  for (const entity of derived.objects('entities')) entities.push(...listOf(readDerivedEntity(fields.within(entity))))
  for (const dimension of derived.objects('dimensions')) {
    dimensions.push(...listOf(readDerivedDimension(fields.within(dimension))))
  }
  const aggTime = fields.text('agg_time_dimension')
  const group = settings.text('group')
  const config = readConfig(settings.object('config'))
  return {
    semanticModel: {
      name,
      description: fields.text('description') ?? null,
      label: settings.text('label') ?? null,
      defaults: aggTime === undefined ? null : { agg_time_dimension: aggTime },
      primary_entity: fields.text('primary_entity') ?? null,
      entities,
      dimensions,
      measures: [],
      metadata: null,
      config: group === undefined ? config : { ...config, group },
    },
    metrics: fields.objects('metrics').flatMap((metric) => {
      return listOf(readMetric(fields.within(metric, subjectOf(metric)), name))
    }),
  }
}

/** Reads an entry of the top-level `metrics:` that is written in the newer way (see `isNewMetric`). */
export function readTopLevelMetric(entry: YamlObject, bag: DiagnosticBag): Metric | undefined {
  return isNewMetric(entry) ? readMetric(new Fields(entry, subjectOf(entry), bag), undefined) : undefined
}

function subjectOf(entry: YamlObject): string {
  return `metric ${typeof entry['name'] === 'string' ? entry['name'] : '(without a name)'}`
}

function listOf<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value]
}
