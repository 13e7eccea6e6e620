import type { ResourceType, UniqueId } from '../manifest/index.js'

/**
 * How something is used. The first four make values: a column copied under its name, copied under another, computed
 * from, aggregated. The next five decide which rows there are and how they lie together. `reads` is table level: all
 * that is known is that the node reads it. `tests` leads to a test.
 */
export const EDGE_KINDS = [
  'copied',
  'renamed',
  'computed',
  'aggregated',
  'filtered',
  'joined',
  'grouped',
  'partitioned',
  'ordered',
  'reads',
  'tests',
] as const
export type EdgeKind = (typeof EDGE_KINDS)[number]

/** The kinds that make values: what "where does this number come from" follows first. */
export const VALUE_KINDS: ReadonlySet<EdgeKind> = new Set<EdgeKind>(['copied', 'renamed', 'computed', 'aggregated'])

/** A resource, or one of its columns (measures and dimensions of a semantic model count as its columns). */
export interface Place {
  readonly node: UniqueId
  /** Null: the resource as a whole, its rows. */
  readonly column: string | null
}

export interface LineageEdge {
  readonly from: Place
  readonly to: Place
  readonly kind: EdgeKind
}

export interface LineageColumn {
  readonly name: string
  /** The warehouse's name of the type, where it is known. */
  readonly type: string | null
  readonly description: string
  /** Tags of the column itself: `tags:`, `config.tags`. Inherited ones: `LineageGraph.tagsOf`. */
  readonly tags: readonly string[]
}

/** A resource with what is known of its columns. */
export interface LineageNode {
  readonly id: UniqueId
  readonly name: string
  readonly type: ResourceType
  /** `table`: its columns could not be followed; `reason` says why. */
  readonly level: 'column' | 'table'
  readonly reason: string | null
  readonly columns: readonly LineageColumn[]
}

export interface LineageSlice {
  readonly nodes: readonly LineageNode[]
  readonly edges: readonly LineageEdge[]
}

export interface WalkOptions {
  /** How many resources away; all the way when absent. */
  readonly depth?: number | undefined
  /** Only these kinds of edges. */
  readonly kinds?: ReadonlySet<EdgeKind> | undefined
}

/** `unique_id` or `unique_id.column`. */
export function placeKey({ node, column }: Place): string {
  return column === null ? node : `${node}.${column}`
}
