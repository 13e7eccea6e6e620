import type { ResourceType, UniqueId } from '../../manifest/index.js'

/**
 * What the browser application reads, served live or written as files by `docs generate --static`. Everything is cut
 * down to what the one who looks may see before it gets here.
 */
export interface SiteIndex {
  readonly format: 1
  readonly project: {
    readonly name: string
    readonly adapter: string
    readonly generatedAt: string
    readonly plumbVersion: string
    /** Whose view it is: a name, or null for the project's owner. */
    readonly madeFor: string | null
    /** A folder of files: nothing can be asked of the warehouse. */
    readonly isStatic: boolean
  }
  /** What has the value of `NODE_DEFAULTS` is left out. */
  readonly nodes: readonly WrittenNode[]
  /** Pairs of indexes into `nodes`: what is read, who reads it. Tests included. */
  readonly edges: readonly (readonly [number, number])[]
  readonly groups: readonly { readonly name: string; readonly owner: Readonly<Record<string, unknown>> }[]
  /** Nodes in one details file. */
  readonly shardSize: number
}

export type Freshness = 'pass' | 'warn' | 'error' | 'unknown'

/** A resource in few words: enough to draw, colour, search and select it. */
export interface SiteNode {
  readonly id: UniqueId
  readonly name: string
  readonly type: ResourceType
  readonly package: string
  readonly path: string
  readonly fqn: readonly string[]
  readonly tags: readonly string[]
  readonly materialized: string | null
  readonly schema: string | null
  readonly access: string | null
  readonly group: string | null
  readonly version: string | number | null
  /** First sentence or so of the description. */
  readonly about: string
  readonly label: string | null
  /** Outcome of the last run, or null when it was not in it. */
  readonly status: string | null
  /** Seconds it took then. */
  readonly seconds: number | null
  readonly freshness: Freshness | null
  readonly tests: TestCounts
  readonly columns: readonly string[]
  readonly test: { readonly name: string; readonly column: string | null; readonly severity: string } | null
}

/** A node as it is written: most of a project is tests, of which most fields say nothing. */
export type WrittenNode = Pick<SiteNode, 'id' | 'name' | 'type'> & Partial<SiteNode>

export interface TestCounts {
  readonly pass: number
  readonly warn: number
  readonly fail: number
  /** Not run yet. */
  readonly unknown: number
}

export interface SiteColumn {
  readonly name: string
  readonly type: string | null
  readonly description: string
  readonly tags: readonly string[]
  readonly tests: readonly UniqueId[]
  readonly masked: boolean
}

/** Everything else about a resource. */
export interface SiteDetail {
  readonly id: UniqueId
  readonly description: string
  readonly columns: readonly SiteColumn[]
  readonly language: string | null
  readonly source: string | null
  readonly compiled: string | null
  readonly relation: string | null
  readonly owner: Readonly<Record<string, unknown>> | null
  readonly meta: Readonly<Record<string, unknown>>
  readonly config: Readonly<Record<string, unknown>>
  /** Rows, bytes and whatever else the warehouse counted, as catalog.json has it. */
  readonly stats: readonly { readonly label: string; readonly value: string }[]
  readonly freshness: SiteFreshness | null
  readonly lastRun: SiteRunNode | null
  readonly url: string | null
  readonly metric: SiteFormula | null
}

export interface SiteFreshness {
  readonly status: Freshness
  readonly loadedAt: string | null
  /** Seconds. */
  readonly age: number | null
  readonly warnAfter: string | null
  readonly errorAfter: string | null
}

export interface SiteFormula {
  readonly kind: string
  /** In words and names: `sum(amount)`, `revenue / orders`. */
  readonly formula: string
  readonly inputs: readonly string[]
  readonly filter: string | null
}

/** Column lineage: `[from node, from column, to node, to column, kind]`; a column is its name, null the whole node. */
export interface SiteColumns {
  readonly edges: readonly (readonly [number, string | null, number, string | null, string])[]
  /** Nodes whose columns could not be followed, with the reason. */
  readonly tableLevel: readonly (readonly [number, string])[]
}

export interface SiteRun {
  readonly id: string
  readonly command: string
  readonly startedAt: string
  readonly seconds: number
  readonly counts: Readonly<Record<string, number>>
}

export interface SiteRunNode {
  readonly id: UniqueId
  readonly status: string
  readonly thread: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly seconds: number
  readonly message: string | null
  readonly failures: number | null
}

export interface SiteRunDetail extends SiteRun {
  readonly nodes: readonly SiteRunNode[]
}

export interface SiteMetric {
  readonly id: UniqueId
  readonly name: string
  readonly label: string | null
  readonly description: string
  readonly kind: string
  readonly formula: string
  readonly owner: string | null
  readonly tags: readonly string[]
  /** Names of what it can be grouped by. */
  readonly dimensions: readonly string[]
}

export interface SiteMetrics {
  readonly metrics: readonly SiteMetric[]
  readonly dimensions: readonly {
    readonly name: string
    readonly kind: 'categorical' | 'time' | 'entity'
    readonly label: string | null
    readonly description: string
    readonly grains: readonly string[]
  }[]
  readonly savedQueries: readonly {
    readonly name: string
    readonly label: string | null
    readonly description: string
    readonly metrics: readonly string[]
    readonly groupBy: readonly string[]
  }[]
}
