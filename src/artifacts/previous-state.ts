import { resolve } from 'node:path'
import { fail } from '../core/diagnostic.js'
import type { EventSink } from '../core/event.js'
import type { Manifest } from '../manifest/index.js'
import { readManifest } from './read-manifest.js'
import { type RunResultsArtifact, readRunResults } from './run-results.js'
import { readSources, type SourcesArtifact } from './sources.js'

/** The artifacts of an earlier invocation, each read when first asked for; undefined where there is none. */
export interface PreviousState {
  /** As given. */
  readonly path: string
  readonly manifest: Manifest | undefined
  readonly runResults: RunResultsArtifact | undefined
  /** Freshness then, and (from the target directory) now. */
  readonly sources: SourcesArtifact | undefined
  readonly sourcesNow: SourcesArtifact | undefined
}

export interface StateOptions {
  /** `--state` or `--defer-state`; relative to the project root. */
  readonly statePath: string
  readonly targetPath: string
  readonly projectRoot: string
  /** Told when state and target are the same directory (`WarnStateTargetEqual`). */
  readonly emit?: EventSink | undefined
}

/**
 * Opens a directory of artifacts. Reading happens on first use.
 * @throws PlumbError on use: `artifact-not-readable`, `incompatible-schema`.
 */
export function openState({ statePath, targetPath, projectRoot, emit }: StateOptions): PreviousState {
  const state = resolve(projectRoot, statePath)
  const target = resolve(projectRoot, targetPath)
  if (state === target) {
    emit?.({
      name: 'WarnStateTargetEqual',
      code: 'I072',
      level: 'warn',
      msg:
        `Warning: The state and target directories are the same: '${statePath}'. This could lead to missing changes ` +
        'due to overwritten state including non-idempotent retries.',
      data: { state_path: statePath },
    })
  }
  const manifest = once(() => readManifest(resolve(state, 'manifest.json')))
  const runResults = once(() => readRunResults(resolve(state, 'run_results.json')))
  const sources = once(() => readSources(resolve(state, 'sources.json')))
  const sourcesNow = once(() => readSources(resolve(target, 'sources.json')))
  return {
    path: statePath,
    get manifest() {
      return manifest()
    },
    get runResults() {
      return runResults()
    },
    get sources() {
      return sources()
    },
    get sourcesNow() {
      return sourcesNow()
    },
  }
}

/**
 * The manifest to defer to: that of `--defer-state`, else of `--state`.
 * @throws PlumbError `no-state` when neither was given, or has no manifest.
 */
export function manifestToDeferTo(state: PreviousState | undefined, deferState?: PreviousState | undefined): Manifest {
  const chosen = deferState ?? state
  if (chosen === undefined) {
    return fail('runtime', 'no-state', '--state or --defer-state are required for deferral, but neither was provided', {
      hint: 'give the directory that holds the manifest.json of the environment to defer to',
    })
  }
  return (
    chosen.manifest ??
    fail('runtime', 'no-state', `Could not find manifest in --state path: "${chosen.path}"`, {
      hint: `${resolve(chosen.path, 'manifest.json')} does not exist`,
    })
  )
}

function once<T>(read: () => T): () => T {
  let done: { value: T } | undefined
  return () => (done ??= { value: read() }).value
}
