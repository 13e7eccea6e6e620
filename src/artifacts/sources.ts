import { exactJson } from '../core/exact-json.js'
import type { FreshnessThreshold, UniqueId } from '../manifest/index.js'
import type { ArtifactMetadata } from './artifact-metadata.js'
import { readArtifact } from './read-file.js'
import { writeFileAtomically } from './write-file.js'

/** A source whose freshness could be told. */
export interface FreshnessOutput {
  readonly unique_id: UniqueId
  readonly max_loaded_at: string
  readonly snapshotted_at: string
  readonly max_loaded_at_time_ago_in_s: number
  readonly status: 'pass' | 'warn' | 'error' | 'runtime error'
  readonly criteria: FreshnessThreshold
  readonly adapter_response: object
  readonly timing: readonly unknown[]
  readonly thread_id: string
  readonly execution_time: number
}

/** A source whose freshness could not be told. */
export interface FreshnessFailure {
  readonly unique_id: UniqueId
  readonly error: string | number | null
  readonly status: 'runtime error'
  readonly max_loaded_at?: undefined
}

/** sources.json v3. */
export interface SourcesArtifact {
  readonly metadata: ArtifactMetadata
  readonly results: readonly (FreshnessOutput | FreshnessFailure)[]
  readonly elapsed_time: number
}

/**
 * Writes sources.json (v3).
 * @throws PlumbError `artifact-not-written`.
 */
export async function writeSources(path: string, { metadata, results, elapsed_time }: SourcesArtifact): Promise<void> {
  await writeFileAtomically(path, [exactJson({ metadata, results, elapsed_time })])
}

/**
 * Reads a sources.json (v3); undefined when there is none.
 * @throws PlumbError `artifact-not-readable`, `incompatible-schema`.
 */
export function readSources(path: string): SourcesArtifact | undefined {
  const read = readArtifact('sources', path)
  return read && ({ elapsed_time: 0, results: [], ...read.data } as unknown as SourcesArtifact)
}
