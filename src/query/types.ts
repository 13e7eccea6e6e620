import type { Dialect, ResultColumn } from '../adapters/adapter.js'
import type { ColumnVector, VectorBatch } from '../adapters/vectors.js'
import type { LineageGraph } from '../lineage/index.js'
import type { Manifest, UniqueId } from '../manifest/index.js'
import type {
  CompiledColumn,
  DimensionSummary,
  DimensionValuesRequest,
  EntitySummary,
  ListRequest,
  MetricQuery,
  MetricSummary,
  SavedQuerySummary,
} from '../semantic/index.js'

/**
 * Who asks. Only authentication makes one: groups and attributes decide what policies let it see. The person at the
 * command line, with the project's own credentials, is {@link OWNER}.
 */
export interface Caller {
  readonly name: string
  readonly groups: readonly string[]
  readonly attributes: Readonly<Record<string, string | number | boolean | readonly string[]>>
  /** The project's owner: no policy applies. */
  readonly owner: boolean
  /** Narrower limits than the service's own, for this caller. */
  readonly limits?: Partial<Limits>
}

/** How much one caller may ask for. */
export interface Limits {
  /** Milliseconds that a question may keep the warehouse busy. */
  readonly timeout: number
  /** Rows of an answer. An answer with more fails: it is never cut without a word. */
  readonly maxRows: number
  /** Answers that one caller may have open at once; more wait their turn. */
  readonly concurrency: number
}

export const OWNER: Caller = { name: 'owner', groups: [], attributes: {}, owner: true }

/**
 * What is asked. `sql` is a statement that a door has read, checked against its allow-list and written anew: text whose
 * holes stand for relations, each filled with a sub-select that already obeys the caller's policies.
 */
export type Question =
  | { readonly kind: 'metrics'; readonly query: MetricQuery }
  | { readonly kind: 'sql'; readonly parts: readonly SqlPart[]; readonly bindings?: readonly unknown[] }

export type SqlPart = string | { readonly metrics: MetricQuery } | { readonly model: UniqueId }

export interface AskOptions {
  /** Stops the query in the warehouse. */
  readonly signal?: AbortSignal
  /** Refuse instead of answering on broken ground. */
  readonly require?: readonly ('fresh' | 'tested')[]
  /** Look the answer up in the cache and keep it there. Default true. */
  readonly cache?: boolean
  /** Milliseconds; never above the caller's own limit. */
  readonly timeout?: number
  /** Rows; never above the caller's own limit. */
  readonly maxRows?: number
  /** Which door asks, for the query log: `cli`, `http`, `pgwire`. */
  readonly door: string
}

export interface AnswerColumn {
  readonly name: string
  /** The warehouse's name of the type. */
  readonly type: string
  readonly family: ResultColumn['family']
  /** What it means, when it is a metric, dimension or entity. */
  readonly meaning: CompiledColumn | null
}

/** Values of one column in a batch, as the adapters give them. */
export type AnswerVector = ColumnVector

export type AnswerBatch = VectorBatch

/** An answer that is read once, batch by batch: a slow reader slows the warehouse, not the memory. */
export interface Answer {
  readonly columns: readonly AnswerColumn[]
  readonly batches: AsyncIterable<AnswerBatch>
  /** The SQL that was sent, policies included. */
  readonly sql: string
  /** Was it answered from the cache. */
  readonly cached: boolean
  /** Why the number can be trusted, or not; worked out when it is first asked for. */
  readonly proof: Proof
  /** Gives back what the answer holds; reading to the end does the same. */
  close(): Promise<void>
}

export interface ProofNode {
  readonly uniqueId: UniqueId
  readonly kind: 'model' | 'seed' | 'snapshot' | 'source'
  readonly relation: string
  /** Path of the file that defines it, from the project's root. */
  readonly path: string
  /** ISO 8601 time when it was last built (sources: last loaded), or null when nobody knows. */
  readonly lastBuilt: string | null
  readonly status: 'success' | 'error' | 'skipped' | 'unknown'
  readonly freshness: 'pass' | 'warn' | 'error' | 'unknown' | null
  readonly tests: { readonly pass: number; readonly warn: number; readonly fail: number; readonly unknown: number }
}

/** What an answer stands on: everything read, up to the sources, with its state at the last build. */
export interface Proof {
  /** `invocation_id` of the build that made the tables, or null when no run_results.json says. */
  readonly buildId: string | null
  readonly builtAt: string | null
  readonly fresh: boolean | null
  readonly tested: boolean | null
  readonly failedTests: readonly UniqueId[]
  readonly nodes: readonly ProofNode[]
}

/** What a caller may see, for catalogues, lists and pages. */
export interface Visible {
  readonly metrics: ReadonlySet<string>
  readonly models: ReadonlySet<UniqueId>
  /** Everything they are told of: metrics and tables, and what looks at nothing else. */
  readonly resources: ReadonlySet<UniqueId>
  /** Columns that are masked for the caller, of `unique_id.column`. */
  readonly masked: ReadonlySet<string>
}

/** The one service behind every door. A door translates; nothing reaches the warehouse past this. */
export interface QueryService {
  /** @throws PlumbError when the question cannot be answered rightly, or not for this caller. */
  ask(question: Question, caller: Caller, options: AskOptions): Promise<Answer>
  /** The SQL and the plan in words, policies' predicates included, without running anything. */
  explain(question: Question, caller: Caller): Promise<Explanation>
  visible(caller: Caller): Visible
  /** What can be asked, of what the caller may see. */
  catalogue(caller: Caller): Catalogue
  /** The project as it is now; replaced after a build or a change of the files. */
  readonly project: ProjectView
  /** How it is doing, for monitoring. */
  readonly figures: ServiceFigures
  /** Counts up with every change of the manifest or the tables: doors drop what they derived from them. */
  readonly version: number
  close(): Promise<void>
}

/** What there is to ask for. */
export interface Catalogue {
  metrics(request?: { readonly search?: string }): readonly MetricSummary[]
  /** @throws PlumbError when it is asked about a metric that is not there for the caller. */
  dimensions(request?: ListRequest): readonly DimensionSummary[]
  entities(request?: ListRequest): readonly EntitySummary[]
  savedQueries(request?: { readonly search?: string }): readonly SavedQuerySummary[]
  /** The question for the values that a dimension has. */
  values(request: DimensionValuesRequest): Question
}

/** Counted since the service began; `running` and what follows are of this moment. */
export interface ServiceFigures {
  readonly asked: number
  readonly failed: number
  readonly cached: number
  readonly rows: number
  readonly seconds: number
  readonly running: number
  readonly waiting: number
  readonly cacheBytes: number
  readonly cacheEntries: number
}

export interface ProjectView {
  readonly name: string
  readonly manifest: Manifest
  /** Absolute; where builds leave their artifacts. */
  readonly targetDir: string
  /** Absolute. */
  readonly projectRoot: string
  /** How the warehouse's SQL is written: identifiers, literals, types. */
  readonly dialect: Dialect
  /** By column where it was worked out, else by table. */
  readonly lineage: LineageGraph
}

export interface Explanation {
  readonly sql: string
  readonly steps: readonly string[]
  readonly columns: readonly CompiledColumn[]
  /** Each with the relation it narrows and the policy it comes from. */
  readonly predicates: readonly { readonly relation: string; readonly predicate: string; readonly policy: string }[]
}
