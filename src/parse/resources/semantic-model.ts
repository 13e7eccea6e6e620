import { toStr, type Value } from '../../jinja/index.js'
import type { Json, JsonObject, SemanticModelNode } from '../../manifest/index.js'
import { foldersOf } from '../node-fields.js'
import type { Entry } from '../properties/entries.js'
import { semanticModelShape } from '../shape/semantic-shapes.js'
import { attempt, blame, type ParseState } from '../state.js'
import { readReference } from '../templates/reference-expression.js'
import { addResource } from './add-node.js'
import { addMetric } from './metric.js'
import { grain, word } from './metric-parts.js'

type Data = { readonly [key: string]: unknown }

const AGGREGATIONS = ['sum', 'min', 'max', 'count_distinct', 'sum_boolean', 'average', 'percentile', 'median', 'count']

/** Adds the `semantic_models:` of a file, and a metric for each measure with `create_metric`. */
export async function parseSemanticModels(state: ParseState, entries: readonly Entry[]): Promise<void> {
  for (const entry of entries) {
    await attempt(state, () => {
      const { properties, key, base, data } = entry
      const fault = semanticModelShape.check(data)
      if (fault !== undefined) throw properties.invalidEntry(key, base, data, fault)
      addSemanticModel(state, entry, data)
    })
  }
}

function addSemanticModel(state: ParseState, entry: Entry, data: Data): void {
  const { file } = entry.properties
  const name = data['name'] as string
  const fqn = [file.packageName, ...foldersOf(file.relativePath), name]
  const id = `semantic_model.${file.packageName}.${name}`
  try {
    const subject = { type: 'semantic_model', packageName: file.packageName, fqn } as const
    const patch = (data['config'] ?? {}) as { [key: string]: unknown }
    const config = state.configs.resolve(subject, { patch }) as SemanticModelNode['config']
    const measures = (data['measures'] ?? []) as Data[]
    const elements = (list: unknown, make: (given: Data, entry: Entry) => JsonObject): JsonObject[] =>
      ((list ?? []) as Data[]).map((given) => ({ ...make(given, entry), config: elementConfig(given, config.meta) }))
    const model: SemanticModelNode = {
      name,
      resource_type: 'semantic_model',
      package_name: file.packageName,
      path: file.relativePath,
      original_file_path: file.originalPath,
      unique_id: id,
      fqn,
      model: data['model'] as string,
      node_relation: null,
      description: (data['description'] as string | undefined) ?? null,
      label: (data['label'] as string | undefined) ?? null,
      defaults: defaultsOf(data['defaults']),
      entities: elements(data['entities'], entity),
      measures: elements(measures, measure),
      dimensions: elements(data['dimensions'], dimension),
      metadata: null,
      depends_on: { macros: [], nodes: [] },
      refs: refsOf(data['model'] as string),
      created_at: state.createdAt,
      config,
      unrendered_config: state.configs.unrendered(subject, { patch }) as JsonObject,
      primary_entity: (data['primary_entity'] as string | undefined) ?? null,
      group: config.group,
    }
    state.places.set(id, () => entry.properties.at([...entry.base, 'name']))
    addResource(state, 'semantic_models', model)
    for (const each of measures) if (each['create_metric'] === true) createMetric(state, entry, each, config)
  } catch (error) {
    throw blame(error, { name, resource_type: 'semantic_model', unique_id: id, original_file_path: file.originalPath })
  }
}

function refsOf(model: string): SemanticModelNode['refs'] {
  const reference = readReference(model)
  return 'ref' in reference ? [reference.ref] : []
}

function defaultsOf(given: unknown): JsonObject | null {
  if (given === null || given === undefined) return null
  return { agg_time_dimension: ((given as Data)['agg_time_dimension'] ?? null) as Json }
}

function elementConfig(given: Data, modelMeta: JsonObject): JsonObject {
  const own = (given['config'] as Data | undefined)?.['meta'] as JsonObject | undefined
  return { meta: { ...modelMeta, ...own } }
}

function entity(given: Data, entry: Entry): JsonObject {
  return {
    name: given['name'] as string,
    type: word(given['type'], 'EntityType', ['foreign', 'natural', 'primary', 'unique'], entry),
    description: (given['description'] ?? null) as Json,
    label: (given['label'] ?? null) as Json,
    role: (given['role'] ?? null) as Json,
    expr: (given['expr'] ?? null) as Json,
  }
}

function measure(given: Data, entry: Entry): JsonObject {
  const { expr } = given
  const params = given['agg_params'] as Data | null | undefined
  const nonAdditive = given['non_additive_dimension'] as Data | null | undefined
  return {
    name: given['name'] as string,
    agg: word(given['agg'], 'AggregationType', AGGREGATIONS, entry),
    description: (given['description'] ?? null) as Json,
    label: (given['label'] ?? null) as Json,
    create_metric: false,
    expr: expr === null || expr === undefined ? null : toStr(expr as Value),
    agg_params:
      params == null
        ? null
        : {
            percentile: (params['percentile'] ?? null) as Json,
            use_discrete_percentile: (params['use_discrete_percentile'] ?? false) as Json,
            use_approximate_percentile: (params['use_approximate_percentile'] ?? false) as Json,
          },
    non_additive_dimension:
      nonAdditive == null
        ? null
        : {
            name: nonAdditive['name'] as string,
            window_choice: word(nonAdditive['window_choice'], 'AggregationType', AGGREGATIONS, entry),
            window_groupings: (nonAdditive['window_groupings'] ?? []) as Json,
          },
    agg_time_dimension: (given['agg_time_dimension'] ?? null) as Json,
  }
}

function dimension(given: Data, entry: Entry): JsonObject {
  const params = given['type_params'] as Data | null | undefined
  const validity = params?.['validity_params'] as Data | null | undefined
  return {
    name: given['name'] as string,
    type: word(given['type'], 'DimensionType', ['categorical', 'time'], entry),
    description: (given['description'] ?? null) as Json,
    label: (given['label'] ?? null) as Json,
    is_partition: (given['is_partition'] ?? false) as Json,
    type_params:
      params == null
        ? null
        : {
            time_granularity: grain(params['time_granularity'], entry),
            validity_params:
              validity == null
                ? null
                : { is_start: (validity['is_start'] ?? false) as Json, is_end: (validity['is_end'] ?? false) as Json },
          },
    expr: (given['expr'] ?? null) as Json,
    metadata: null,
  }
}

/** The metric that `create_metric: true` stands for. */
function createMetric(state: ParseState, entry: Entry, given: Data, config: SemanticModelNode['config']): void {
  const name = given['name'] as string
  const expr = given['expr']
  addMetric(state, entry, {
    name,
    label: given['label'] || name,
    type: 'simple',
    type_params: { measure: name, expr: expr ? toStr(expr as Value) : name },
    description: given['description'] || `Metric created from measure ${name}`,
    config: { enabled: config.enabled, meta: config.meta },
  })
}
