import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { IndirectSelection } from '../../../src/core/flags.js'
import type { PreviousResults, SourceStates } from '../../../src/graph/index.js'
import type { Manifest, UniqueId } from '../../../src/manifest/index.js'

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), 'fixtures')

/** The project the cases were asked of; its files matter to `path:`. */
export const PROJECT_ROOT = join(FIXTURES, 'selection-project')

/** One edit of the manifest: `value` at `path`, or away with it; on every generic test; or a copy of another node. */
export interface Change {
  readonly path?: readonly (string | number)[]
  readonly generic?: string
  readonly value?: unknown
}

export interface Asked {
  readonly select?: string[]
  readonly exclude?: string[]
  readonly selector?: string
  readonly resource_types?: string[]
  readonly exclude_resource_types?: string[]
  readonly indirect_selection?: IndirectSelection
  readonly state?: boolean
}

export interface Answer {
  readonly ids?: UniqueId[]
  readonly error?: string
  readonly warnings?: { event: string; spec_raw?: string; breaking_changes?: string[] }[]
}

export interface SelectionCases {
  readonly stateChanges: Change[]
  readonly runResults: PreviousResults
  readonly sourcesBefore: NonNullable<SourceStates['previous']>
  readonly sourcesNow: NonNullable<SourceStates['current']>
  readonly cases: (Asked & Answer)[]
}

export interface StateCase {
  readonly name: string
  readonly changes: Change[]
  readonly flags: Record<string, string>
  readonly answers: Record<string, Answer>
}

export interface QueueCase extends Asked {
  readonly command: string
  readonly selected: UniqueId[]
  readonly scores: Record<UniqueId, number>
  readonly edges: [UniqueId, UniqueId][]
  readonly blocks: Record<UniqueId, UniqueId[]>
  readonly unit_tests: Record<UniqueId, UniqueId[]>
  readonly count: number
  readonly hooks: Partial<Record<'on-run-start' | 'on-run-end', UniqueId[]>>
}

/** What dbt-core 1.11 answered; see make_selection_cases.py. */
export function readCases<T>(name: string): T {
  return JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as T
}

/** A fresh copy of the project's manifest as dbt-core wrote it. */
export function readFixtureManifest(): Manifest {
  return JSON.parse(gunzipSync(readFileSync(join(FIXTURES, 'selection-manifest.json.gz'))).toString()) as Manifest
}

/** A copy of the manifest with the changes applied. */
export function changed(manifest: Manifest, changes: readonly Change[]): Manifest {
  const out = structuredClone(manifest)
  for (const { path, generic, value } of changes) {
    if (generic !== undefined) {
      for (const node of Object.values(out.nodes)) {
        if (node.resource_type === 'test' && node.test_metadata !== undefined) Object.assign(node, { [generic]: value })
      }
      continue
    }
    const [last, ...parents] = [...(path ?? [])].reverse()
    if (last === 'COPY') {
      const id = String(parents[0])
      const like = structuredClone(out.nodes[String(value)]!)
      out.nodes[id] = { ...like, unique_id: id, name: 'gone' }
      continue
    }
    let at = out as unknown as Record<string | number, unknown>
    for (const key of parents.reverse()) at = at[key] as Record<string | number, unknown>
    if (value === undefined) delete at[last!]
    else at[last!] = value
  }
  return out
}
