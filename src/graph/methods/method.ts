import type { GraphNode, Json, Manifest, ResourceType, UniqueId } from '../../manifest/index.js'

/** Does this resource have what is asked for? */
export type NodeTest = (node: GraphNode) => boolean

/** One selection method: `tag:`, `path:` ... */
export interface SelectorMethod {
  /** The resources it looks at. */
  readonly over: ReadonlySet<ResourceType>
  /**
   * Turns `method.args:value` into a test, once per criterion.
   * @throws PlumbError `invalid-selection` for values the method cannot have.
   */
  prepare(value: Json, args: readonly string[], context: MethodContext): NodeTest
  /** Values with which a resource would be found: what "did you mean" chooses from. */
  names?(node: GraphNode): readonly string[]
  /** What it finds is final: no tests are added to it. */
  readonly final?: true
}

/** What methods may ask about besides the resource itself. */
export interface MethodContext {
  readonly manifest: Manifest
  /** Whether a path (relative, with `/`) is there in the root project. */
  readonly pathExists: (path: string) => boolean
  readonly state?: StateComparison | undefined
  readonly runResults?: PreviousResults | undefined
  readonly sources?: SourceStates | undefined
  readonly columns?: ColumnSelection | undefined
  /** What the definitions of selectors.yml that match the pattern select. */
  readonly selectNamed: (pattern: string) => ReadonlySet<UniqueId>
}

/** Lineage by column, as selection asks for it. */
export interface ColumnSelection {
  /** @throws PlumbError when nothing has this name. */
  resourceOf(column: string): UniqueId
  /** Resources that the column goes into, or (`up`) is made of, at most so many away; its own left out. */
  reach(column: string, direction: 'up' | 'down', depth: number | null): ReadonlySet<UniqueId>
}

/** What of a resource may have been modified; `modified` = anything that counts. */
export type ModifiedAspect =
  | 'modified'
  | 'modified.body'
  | 'modified.configs'
  | 'modified.persisted_descriptions'
  | 'modified.relation'
  | 'modified.macros'
  | 'modified.contract'

/** The project compared with a previous manifest. */
export interface StateComparison {
  /** Whether the previous manifest had this resource. */
  existed(id: UniqueId): boolean
  isModified(node: GraphNode, aspect: ModifiedAspect): boolean
  /** Warns of (or refuses) contracts broken by models that are gone. */
  checkRemoved(): void
}

/** A previous run_results.json. */
export interface PreviousResults {
  readonly results: readonly { readonly unique_id: UniqueId; readonly status: string }[]
}

/** sources.json of the previous state and of now. */
export interface SourceStates {
  readonly previous?: FreshnessResults | undefined
  readonly current?: FreshnessResults | undefined
}

export interface FreshnessResults {
  readonly results: readonly { readonly unique_id: UniqueId; readonly max_loaded_at?: string | null | undefined }[]
}

/** What stands in the manifest's `nodes`. */
export const NODES: ReadonlySet<ResourceType> = new Set<ResourceType>([
  'model',
  'seed',
  'snapshot',
  'test',
  'analysis',
  'operation',
  'sql_operation',
])

export const ALL_BUT_SOURCES: ReadonlySet<ResourceType> = new Set<ResourceType>([
  ...NODES,
  'exposure',
  'metric',
  'unit_test',
  'semantic_model',
  'saved_query',
  'function',
])

export const EVERYTHING: ReadonlySet<ResourceType> = new Set<ResourceType>([...ALL_BUT_SOURCES, 'source'])
