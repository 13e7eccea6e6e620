import type { UniqueId } from '../manifest/index.js'
import {
  type LineageEdge,
  type LineageNode,
  type LineageSlice,
  type Place,
  placeKey,
  VALUE_KINDS,
  type WalkOptions,
} from './types.js'

/** What leads where, asked in either direction. */
export interface LineageGraph {
  readonly nodes: ReadonlyMap<UniqueId, LineageNode>
  readonly edges: readonly LineageEdge[]
  /** The place a text names: `unique_id`, `unique_id.column`; columns are found whatever their case. */
  find(key: string): Place | undefined
  /** Everything `place` is made of, itself included. */
  upstream(place: Place, options?: WalkOptions): LineageSlice
  /** Everything that is made of `place`, itself included. */
  downstream(place: Place, options?: WalkOptions): LineageSlice
  /** The columns (of sources, seeds, or whatever has nothing above it) a column's values are made of in the end. */
  originsOf(place: Place): readonly Place[]
  /** A column's own tags and those of every column it is a pure copy of (`pii` follows a column through renames). */
  tagsOf(place: Place): readonly string[]
  /** Its own description, or that of the column it is a pure copy of. */
  descriptionOf(place: Place): string
  parentsOf(place: Place): readonly LineageEdge[]
  childrenOf(place: Place): readonly LineageEdge[]
}

const NONE: readonly LineageEdge[] = []

export function createLineageGraph(list: Iterable<LineageNode>, edges: readonly LineageEdge[]): LineageGraph {
  const nodes = new Map<UniqueId, LineageNode>()
  for (const node of list) nodes.set(node.id, node)
  const into = indexBy(edges, (edge) => edge.to)
  const out = indexBy(edges, (edge) => edge.from)
  const parentsOf = (place: Place): readonly LineageEdge[] => into.get(placeKey(place)) ?? NONE
  const childrenOf = (place: Place): readonly LineageEdge[] => out.get(placeKey(place)) ?? NONE

  /** The columns that `place` is a pure copy of, nearest first, itself leading. */
  const copies = (place: Place): Place[] => {
    const found = new Map([[placeKey(place), place]])
    for (const each of found.values()) {
      for (const { from, kind } of parentsOf(each)) {
        if (kind === 'copied' || kind === 'renamed') found.set(placeKey(from), from)
      }
    }
    return [...found.values()]
  }
  const columnAt = ({ node, column }: Place) => nodes.get(node)?.columns.find(({ name }) => name === column)

  return {
    nodes,
    edges,
    parentsOf,
    childrenOf,
    find: (key) => findPlace(nodes, key),
    upstream: (place, options) => walk(nodes, place, options, parentsOf, (edge) => edge.from),
    downstream: (place, options) => walk(nodes, place, options, childrenOf, (edge) => edge.to),
    originsOf(place) {
      const found = new Map([[placeKey(place), place]])
      const origins: Place[] = []
      for (const each of found.values()) {
        const above = parentsOf(each).filter(({ kind }) => VALUE_KINDS.has(kind))
        if (above.length === 0 && each !== place) origins.push(each)
        for (const { from } of above) found.set(placeKey(from), found.get(placeKey(from)) ?? from)
      }
      return origins
    },
    tagsOf: (place) => [...new Set(copies(place).flatMap((each) => columnAt(each)?.tags ?? []))],
    descriptionOf: (place) =>
      copies(place)
        .map((each) => columnAt(each)?.description ?? '')
        .find((text) => text !== '') ?? '',
  }
}

function indexBy(edges: readonly LineageEdge[], end: (edge: LineageEdge) => Place): Map<string, LineageEdge[]> {
  const index = new Map<string, LineageEdge[]>()
  for (const edge of edges) {
    const key = placeKey(end(edge))
    const list = index.get(key)
    if (list === undefined) index.set(key, [edge])
    else list.push(edge)
  }
  return index
}

function findPlace(nodes: ReadonlyMap<UniqueId, LineageNode>, key: string): Place | undefined {
  if (nodes.has(key)) return { node: key, column: null }
  for (let dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
    const node = nodes.get(key.slice(0, dot))
    if (node === undefined) continue
    const name = key.slice(dot + 1)
    const column =
      node.columns.find((each) => each.name === name) ??
      node.columns.find((each) => each.name.toLowerCase() === name.toLowerCase())
    return column && { node: node.id, column: column.name }
  }
  return undefined
}

/**
 * Follows edges from a place. From a column the way leads along values; the rows a column decides are an end of the
 * walk downstream (edges to a resource as a whole), because everything of that resource would follow.
 */
function walk(
  nodes: ReadonlyMap<UniqueId, LineageNode>,
  start: Place,
  { depth, kinds }: WalkOptions = {},
  next: (place: Place) => readonly LineageEdge[],
  other: (edge: LineageEdge) => Place,
): LineageSlice {
  const seen = new Map<string, { readonly place: Place; readonly steps: number }>()
  const edges: LineageEdge[] = []
  seen.set(placeKey(start), { place: start, steps: 0 })
  for (const { place, steps } of seen.values()) {
    if (place.column === null && start.column !== null && place !== start && !isWhole(nodes.get(place.node))) continue
    for (const edge of next(place)) {
      if (kinds !== undefined && !kinds.has(edge.kind)) continue
      const to = other(edge)
      const far = steps + (to.node === place.node ? 0 : 1)
      if (depth !== undefined && far > depth) continue
      edges.push(edge)
      if (!seen.has(placeKey(to))) seen.set(placeKey(to), { place: to, steps: far })
    }
  }
  const ids = new Set([...seen.values()].map(({ place }) => place.node))
  return { nodes: [...ids].flatMap((id) => nodes.get(id) ?? []), edges }
}

/** Resources without columns of their own (metrics, exposures), and those whose columns could not be followed. */
function isWhole(node: LineageNode | undefined): boolean {
  return node === undefined || node.columns.length === 0 || node.level === 'table'
}
