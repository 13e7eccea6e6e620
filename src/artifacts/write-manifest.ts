import { exactJson } from '../core/exact-json.js'
import type { Manifest, ResourceType } from '../manifest/index.js'
import { COMPILED_FIELDS, FIELD_ORDER, METADATA_ORDER } from './field-order.js'
import { schemaUrl } from './schema-version.js'
import { inChunks, writeFileAtomically } from './write-file.js'

/**
 * Writes manifest.json (v12): dbt's fields in dbt's order, and nothing else that nodes may carry in memory.
 * @throws PlumbError `artifact-not-written`.
 */
export async function writeManifest(path: string, manifest: Manifest): Promise<void> {
  await writeFileAtomically(path, inChunks(manifestJson(manifest)))
}

/** The text of manifest.json, piece by piece. */
export function* manifestJson(manifest: Manifest): Generator<string> {
  const metadata = { ...manifest.metadata, dbt_schema_version: schemaUrl('manifest') }
  yield `{"metadata": ${JSON.stringify(ordered(metadata, METADATA_ORDER))}`
  yield* resources('nodes', manifest.nodes)
  yield* resources('sources', manifest.sources)
  yield* resources('macros', manifest.macros)
  yield* resources('docs', manifest.docs)
  yield* resources('exposures', manifest.exposures)
  yield* resources('metrics', manifest.metrics)
  yield* resources('groups', manifest.groups)
  yield* entries('selectors', manifest.selectors, exactJson)
  yield* entries('disabled', manifest.disabled, (list) => `[${list.map(resourceJson).join(', ')}]`)
  yield* entries('parent_map', manifest.parent_map, JSON.stringify)
  yield* entries('child_map', manifest.child_map, JSON.stringify)
  yield* entries('group_map', manifest.group_map, JSON.stringify)
  yield* resources('saved_queries', manifest.saved_queries)
  yield* resources('semantic_models', manifest.semantic_models)
  yield* resources('unit_tests', manifest.unit_tests)
  yield* resources('functions', manifest.functions)
  yield '}'
}

function resources<T extends { resource_type: ResourceType }>(name: string, section: Record<string, T>) {
  return entries(name, section, resourceJson)
}

function* entries<T>(name: string, section: Record<string, T>, toJson: (value: T) => string): Generator<string> {
  yield `, "${name}": {`
  let separator = ''
  for (const key in section) {
    yield `${separator}${JSON.stringify(key)}: ${toJson(section[key]!)}`
    separator = ', '
  }
  yield '}'
}

function resourceJson(resource: { resource_type: ResourceType }): string {
  return exactJson(asWritten(resource))
}

/** The resource with exactly the fields that artifacts have. */
export function asWritten(resource: object & { resource_type: ResourceType }): object {
  const order = FIELD_ORDER[resource.resource_type]
  return isInOrder(resource, order) ? resource : ordered(resource, order)
}

/** Whether all fields are known ones in their order, so that the object can be written as it is (usual, and fast). */
function isInOrder(object: object, order: readonly string[]): boolean {
  if ('compiled' in object ? object.compiled !== true : false) return false
  let at = 0
  for (const key in object) {
    while (at < order.length && order[at] !== key) at++
    if (at === order.length) return false
    at++
  }
  return true
}

function ordered(object: object, order: readonly string[]): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  const wasCompiled = 'compiled' in object && object.compiled === true
  for (const key of order) {
    if (!wasCompiled && COMPILED_FIELDS.has(key)) continue
    if (key in object) out[key] = object[key as keyof typeof object]
  }
  return out
}
