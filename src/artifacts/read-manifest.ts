import type { JsonObject, Manifest } from '../manifest/index.js'
import { readArtifact } from './read-file.js'
import { SCHEMAS } from './schema-version.js'
import { upgradeManifest } from './upgrade-manifest.js'

/**
 * Reads a manifest.json, ours or one of dbt (v4 to v12; older ones are upgraded); undefined when there is none.
 * @throws PlumbError `artifact-not-readable`, `incompatible-schema`.
 */
export function readManifest(path: string): Manifest | undefined {
  const read = readArtifact('manifest', path)
  if (read === undefined) return undefined
  const data = read.version < SCHEMAS.manifest.version ? upgradeManifest(read.data, read.version) : read.data
  for (const section of SECTIONS) if (!isObject(data[section])) data[section] = {}
  return data as unknown as Manifest
}

/** Sections that older versions lack, or that are null. */
const SECTIONS: readonly (keyof Manifest)[] = [
  'metadata',
  'nodes',
  'sources',
  'macros',
  'docs',
  'exposures',
  'metrics',
  'groups',
  'selectors',
  'disabled',
  'parent_map',
  'child_map',
  'group_map',
  'saved_queries',
  'semantic_models',
  'unit_tests',
  'functions',
]

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
