import type { AdapterResponse, QueryResult } from '../adapters/adapter.js'
import type { Diagnostic } from '../core/diagnostic.js'
import type { GraphNode } from '../manifest/index.js'

export type RunStatus =
  | 'success'
  | 'error'
  | 'skipped'
  | 'partial success'
  | 'no-op'
  | 'pass'
  | 'fail'
  | 'warn'
  | 'runtime error'

export interface TimingInfo {
  readonly name: 'compile' | 'execute'
  readonly started_at: string
  readonly completed_at: string
}

export interface BatchResults {
  readonly successful: readonly (readonly [string, string])[]
  readonly failed: readonly (readonly [string, string])[]
}

/** How old a source is; times in ISO 8601, UTC. */
export interface FreshnessFinding {
  readonly max_loaded_at: string
  readonly snapshotted_at: string
  /** Seconds. */
  readonly age: number
}

/** What became of one node: run_results.json's `results[]`, plus what the terminal wants to say. */
export interface RunResult {
  readonly node: GraphNode
  readonly status: RunStatus
  readonly timing: readonly TimingInfo[]
  readonly thread_id: string
  /** Seconds. */
  readonly execution_time: number
  readonly adapter_response: AdapterResponse | Record<string, never>
  readonly message: string | null
  /** Failing rows of a test. */
  readonly failures: number | null
  readonly batch_results: BatchResults | null
  /** Why it failed, with place and hint. */
  readonly diagnostics: readonly Diagnostic[]
  /** Id of the node whose failure made this one be skipped. */
  readonly skippedBecauseOf?: string | undefined
  /** Rows to show (`show`, `seed --show`). */
  readonly table?: QueryResult | undefined
  readonly freshness?: FreshnessFinding | undefined
  /** Where the rows of a failing test were kept. */
  readonly failuresRelation?: string | undefined
}
