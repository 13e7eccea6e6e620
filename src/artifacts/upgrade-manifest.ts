import type { JsonObject } from '../manifest/index.js'

/**
 * Brings a manifest of schema v4 to v11, as read from JSON, to v12 in place: what dbt-core does when it reads state of
 * older versions. Metrics before v10 were another thing and are dropped.
 */
export function upgradeManifest(manifest: JsonObject, version: number): JsonObject {
  if (version <= 9) dropMetrics(manifest)
  else if (version === 10) for (const metric of metricsOf(manifest)) wrapFilters(metric)
  for (const node of objectsIn(manifest['nodes'])) upgradeNode(node)
  for (const node of disabledIn(manifest)) upgradeNode(node)
  for (const section of ['metrics', 'exposures'] as const)
    for (const node of objectsIn(manifest[section])) upgradeRefs(node)
  for (const section of ['metrics', 'exposures', 'sources', 'macros', 'docs'] as const) {
    for (const node of objectsIn(manifest[section])) delete node['root_path']
  }
  for (const doc of objectsIn(manifest['docs'])) doc['resource_type'] = 'doc'
  return manifest
}

function upgradeNode(node: JsonObject): void {
  rename(node, 'raw_sql', 'raw_code')
  rename(node, 'compiled_sql', 'compiled_code')
  node['language'] ??= 'sql'
  upgradeRefs(node)
  if (node['resource_type'] !== 'seed') {
    delete node['root_path']
    return
  }
  for (const field of NOT_FOR_SEEDS) delete node[field]
  if (isObject(node['depends_on'])) delete node['depends_on']['nodes']
}

const NOT_FOR_SEEDS = [
  'language',
  'refs',
  'sources',
  'metrics',
  'compiled_path',
  'compiled',
  'compiled_code',
  'extra_ctes_injected',
  'extra_ctes',
  'relation_name',
]

/** Before v9: `['pkg', 'name']` or `['name']`. */
function upgradeRefs(node: JsonObject): void {
  const refs = node['refs']
  if (!Array.isArray(refs)) return
  node['refs'] = refs.map((ref) => {
    if (!Array.isArray(ref)) return ref
    return ref.length === 1
      ? { name: ref[0]!, package: null, version: null }
      : { name: ref[1]!, package: ref[0]!, version: null }
  })
}

function dropMetrics(manifest: JsonObject): void {
  manifest['metrics'] = {}
  const disabled = manifest['disabled']
  if (!isObject(disabled)) return
  for (const [id, list] of Object.entries(disabled)) {
    if (Array.isArray(list)) disabled[id] = list.filter((node) => !isObject(node) || node['resource_type'] !== 'metric')
  }
}

function metricsOf(manifest: JsonObject): JsonObject[] {
  return [
    ...objectsIn(manifest['metrics']),
    ...disabledIn(manifest).filter((node) => node['resource_type'] === 'metric'),
  ]
}

/** In v10 a filter was one template, since v11 it is a list of them. */
function wrapFilters(metric: JsonObject): void {
  const params = isObject(metric['type_params']) ? metric['type_params'] : {}
  const lists = [params['input_measures'], params['metrics']].flatMap((list) => (Array.isArray(list) ? list : []))
  for (const holder of [metric, params['measure'], params['numerator'], params['denominator'], ...lists]) {
    if (isObject(holder) && isObject(holder['filter'])) holder['filter'] = { where_filters: [holder['filter']] }
  }
}

function disabledIn(manifest: JsonObject): JsonObject[] {
  const disabled = manifest['disabled']
  if (!isObject(disabled)) return []
  return Object.values(disabled).flatMap((list) => (Array.isArray(list) ? list.filter(isObject) : []))
}

function objectsIn(section: unknown): JsonObject[] {
  return isObject(section) ? Object.values(section).filter(isObject) : []
}

function rename(node: JsonObject, from: string, to: string): void {
  const value = node[from]
  if (value === undefined) return
  node[to] = value
  delete node[from]
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
