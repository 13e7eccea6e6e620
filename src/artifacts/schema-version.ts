import { fail } from '../core/diagnostic.js'

/** The artifacts of which schema versions matter, the version we write and those we can read. */
export const SCHEMAS = {
  manifest: { version: 12, readable: [4, 5, 6, 7, 8, 9, 10, 11, 12], readBy: 'WritableManifest' },
  'run-results': { version: 6, readable: [4, 5, 6], readBy: 'RunResultsArtifact' },
  catalog: { version: 1, readable: [1], readBy: 'CatalogArtifact' },
  sources: { version: 3, readable: [3], readBy: 'FreshnessExecutionResultArtifact' },
} as const

export type SchemaName = keyof typeof SCHEMAS

/** `https://schemas.getdbt.com/dbt/manifest/v12.json` */
export function schemaUrl(name: SchemaName, version: number = SCHEMAS[name].version): string {
  return `https://schemas.getdbt.com/dbt/${name}/v${version}.json`
}

/**
 * The schema version of an artifact that was read; the current one when it does not say.
 * @throws PlumbError `incompatible-schema` when it is another artifact, or a version we cannot read.
 */
export function checkSchemaVersion(name: SchemaName, metadata: unknown, file: string): number {
  const { version, readable } = SCHEMAS[name]
  const found =
    metadata !== null && typeof metadata === 'object' && 'dbt_schema_version' in metadata
      ? String(metadata.dbt_schema_version)
      : undefined
  if (found === undefined) return version
  const known = readable.find((v) => found === schemaUrl(name, v))
  if (known !== undefined) return known
  return fail(
    'runtime',
    'incompatible-schema',
    `Expected a schema version of "${schemaUrl(name)}" in ${file}, but found "${found}". ` +
      'Are you running with a different version of dbt?',
    { hint: hintFor(name, found) },
  )
}

function hintFor(name: SchemaName, found: string): string {
  const number = Number(/\/v(\d+)\.json$/.exec(found)?.[1] ?? Number.NaN)
  const { version, readable } = SCHEMAS[name]
  const range = readable.length === 1 ? `v${version}` : `v${readable[0]} to v${version}`
  if (number > version) return `the file comes from a newer tool; this version reads ${name} ${range}`
  return `this version reads ${name} ${range}: write the file again with a current version`
}
