import type { Manifest, UniqueId } from '../manifest/index.js'
import type { SchemaColumn, StatementLineage } from '../sql/analyze/index.js'

/** A statement as it will run, or why there is none. */
export type CompiledText = { readonly sql: string } | { readonly reason: string }

/** Everything column lineage is made from; nothing is read from disk or warehouse here. */
export interface LineageInput {
  readonly manifest: Manifest
  /** `type` of the adapter. */
  readonly dialect: string
  /** SQL of models, snapshots, analyses and singular tests. */
  readonly compiled: ReadonlyMap<UniqueId, CompiledText>
  /** Columns as a binder knows them, in order; of sources, seeds and Python models as the warehouse has them. */
  readonly columns: ReadonlyMap<UniqueId, readonly SchemaColumn[]>
  /** Columns as they were when the tables were last built: for types, and for `*` that cannot be expanded. */
  readonly built?: ReadonlyMap<UniqueId, readonly SchemaColumn[]> | undefined
  /** Columns that are to count as if they were still there: who would miss them? */
  readonly removed?: ReadonlyMap<UniqueId, readonly string[]> | undefined
  /** Other names a resource goes by in SQL: files that a source is read from, relations deferred to. */
  readonly otherNames?: ReadonlyMap<UniqueId, readonly (readonly string[])[]>
  /** Keep fingerprints of expressions and filters: what a comparison of two states needs. */
  readonly fingerprints?: boolean | undefined
  /** A statement without what differs from run to run and means nothing for lineage: the time, the invocation's id. */
  readonly stable?: ((sql: string) => string) | undefined
  readonly cache?: LineageCache | undefined
  /** Only these and what they need; all when absent. */
  readonly only?: ReadonlySet<UniqueId> | undefined
  /** Nothing is read after this: the parser need not become fast. */
  readonly brief?: boolean | undefined
  /** Milliseconds for one statement. */
  readonly timeLimit?: number | undefined
}

/** Keeps what statements gave; the key holds everything that matters. */
export interface LineageCache {
  get(key: string): CachedStatement | undefined
  set(key: string, value: CachedStatement): void
}

export interface CachedStatement {
  readonly lineage: StatementLineage
  /** Hash of the columns of the tables it read: another one makes the entry worthless. */
  readonly inputs: string
}
