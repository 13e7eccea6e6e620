import type {
  Exposure,
  Json,
  JsonObject,
  MetricNode,
  SavedQueryNode,
  SemanticModelNode,
  SourceDefinition,
} from '../../manifest/index.js'
import { sameUnrenderedConfig } from './same-config.js'
import { sameFqn } from './same-node.js'
import { sameRecord, sameValue } from './same-value.js'

/** Whether the named fields are the same, as records. */
function sameFields<T extends object>(now: T, before: T, fields: readonly (keyof T)[]): boolean {
  return fields.every((field) => sameRecord(now[field], before[field]))
}

export function sameSourceRelation(now: SourceDefinition, before: SourceDefinition, unrendered: boolean): boolean {
  return (
    (unrendered
      ? sameFields(now, before, ['unrendered_database', 'unrendered_schema'])
      : sameFields(now, before, ['database', 'schema'])) && now.identifier === before.identifier
  )
}

export function sameSourceConfig(now: SourceDefinition, before: SourceDefinition): boolean {
  return sameUnrenderedConfig('source', now.unrendered_config, before.unrendered_config)
}

export function sameSource(now: SourceDefinition, before: SourceDefinition, unrendered: boolean): boolean {
  return (
    sameSourceRelation(now, before, unrendered) &&
    sameFqn(now, before) &&
    sameSourceConfig(now, before) &&
    sameFields(now, before, ['quoting', 'freshness', 'loaded_at_field', 'external'])
  )
}

export function sameExposureConfig(now: Exposure, before: Exposure): boolean {
  return sameUnrenderedConfig('exposure', now.unrendered_config, before.unrendered_config)
}

export function sameExposure(now: Exposure, before: Exposure): boolean {
  return (
    sameFqn(now, before) &&
    sameFields(now, before, ['type', 'owner', 'maturity', 'url', 'description', 'label']) &&
    sameValue([...new Set(now.depends_on.nodes)].sort(), [...new Set(before.depends_on.nodes)].sort()) &&
    sameExposureConfig(now, before)
  )
}

export function sameMetricConfig(now: MetricNode, before: MetricNode): boolean {
  return sameUnrenderedConfig('metric', now.unrendered_config, before.unrendered_config)
}

// dbt: leaves filter and parameters out of the comparison
export function sameMetric(now: MetricNode, before: MetricNode): boolean {
  return sameFields(now, before, ['type', 'description', 'label']) && sameMetricConfig(now, before)
}

export function sameSemanticModelConfig(now: SemanticModelNode, before: SemanticModelNode): boolean {
  return sameRecord(now.config, before.config)
}

export function sameSemanticModel(now: SemanticModelNode, before: SemanticModelNode): boolean {
  return (
    sameFields(now, before, [
      'model',
      'description',
      'defaults',
      'entities',
      'dimensions',
      'measures',
      'primary_entity',
      'group',
    ]) && sameSemanticModelConfig(now, before)
  )
}

export function sameSavedQueryConfig(now: SavedQueryNode, before: SavedQueryNode): boolean {
  return sameRecord(now.config, before.config)
}

export function sameSavedQuery(now: SavedQueryNode, before: SavedQueryNode): boolean {
  return (
    ['metrics', 'group_by', 'where'].every((key) => sameRecord(now.query_params[key], before.query_params[key])) &&
    sameFields(now, before, ['description', 'label', 'group', 'tags']) &&
    sameSavedQueryConfig(now, before) &&
    sameExports(now.exports, before.exports)
  )
}

/** Exports by name and by where they go, as written. */
function sameExports(now: readonly JsonObject[], before: readonly JsonObject[]): boolean {
  return (
    now.length === before.length &&
    now.every((one, i) => {
      const other = before[i]!
      const [a, b] = [written(one), written(other)]
      return (
        one['name'] === other['name'] && ['export_as', 'schema', 'alias'].every((key) => sameRecord(a[key], b[key]))
      )
    })
  )
}

function written(item: JsonObject): Readonly<Record<string, Json>> {
  const config = item['unrendered_config']
  return config !== null && typeof config === 'object' && !Array.isArray(config) ? config : {}
}
