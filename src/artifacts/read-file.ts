import { existsSync, readFileSync } from 'node:fs'
import { diagnostic, fail, PlumbError } from '../core/diagnostic.js'
import type { JsonObject } from '../manifest/index.js'
import { checkSchemaVersion, SCHEMAS, type SchemaName } from './schema-version.js'

/**
 * Reads an artifact and its schema version; undefined when there is no such file.
 * @throws PlumbError `artifact-not-readable`, `incompatible-schema`.
 */
export function readArtifact(name: SchemaName, path: string): { data: JsonObject; version: number } | undefined {
  if (!existsSync(path)) return undefined
  let data: unknown
  try {
    data = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new PlumbError(
      diagnostic(
        'runtime',
        'artifact-not-readable',
        `Could not read ${SCHEMAS[name].readBy} at "${path}" as JSON: ${reason}`,
        {
          hint: 'the file is damaged or was cut off while being written: write it again, or take it away',
        },
      ),
      error,
    )
  }
  if (data === null || typeof data !== 'object' || Array.isArray(data)) {
    return fail(
      'runtime',
      'artifact-not-readable',
      `Could not read ${SCHEMAS[name].readBy} at "${path}": not an object`,
    )
  }
  const object = data as JsonObject
  return { data: object, version: checkSchemaVersion(name, object['metadata'], path) }
}
