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
  /** The columns that `place` is a pure copy of, nearest first, itself leading. */
  copiesOf(place: Place): readonly Place[]
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
    copiesOf: copies,
    parentsOf,
    childrenOf,
    find: (key) => findPlace(nodes, key),
    upstream: (place, options = {}) => walk(nodes, place, options, { next: parentsOf, end: (edge) => edge.from }),
    downstream: (place, options = {}) => walk(nodes, place, options, { next: childrenOf, end: (edge) => edge.to }),
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

interface Direction {
  readonly next: (place: Place) => readonly LineageEdge[]
  readonly end: (edge: LineageEdge) => Place
}

/**
 * Follows edges from a place. From a resource as a whole: every edge between the resources on the way. From a column:
 * its values and uses; the rows of a table it decides are where the way ends, because everything of that table would
 * follow.
 */
function walk(
  nodes: ReadonlyMap<UniqueId, LineageNode>,
  start: Place,
  options: WalkOptions,
  direction: Direction,
): LineageSlice {
  const { seen, edges } =
    start.column === null ? walkNodes(nodes, start, options, direction) : walkColumns(nodes, start, options, direction)
  return { nodes: [...new Set(seen)].flatMap((id) => nodes.get(id) ?? []), edges }
}

interface Walked {
  readonly seen: readonly UniqueId[]
  readonly edges: readonly LineageEdge[]
}

function walkNodes(
  nodes: ReadonlyMap<UniqueId, LineageNode>,
  start: Place,
  { depth, kinds }: WalkOptions,
  { next, end }: Direction,
): Walked {
  const steps = new Map<UniqueId, number>([[start.node, 0]])
  const edges: LineageEdge[] = []
  for (const [id, far] of steps) {
    if (depth !== undefined && far >= depth) continue
    const places = [
      { node: id, column: null },
      ...(nodes.get(id)?.columns ?? []).map(({ name }) => ({ node: id, column: name })),
    ]
    for (const edge of places.flatMap(next)) {
      if (kinds !== undefined && !kinds.has(edge.kind)) continue
      edges.push(edge)
      const to = end(edge).node
      if (!steps.has(to)) steps.set(to, far + 1)
    }
  }
  return { seen: [...steps.keys()], edges }
}

function walkColumns(
  nodes: ReadonlyMap<UniqueId, LineageNode>,
  start: Place,
  { depth, kinds }: WalkOptions,
  { next, end }: Direction,
): Walked {
  const found = new Map([[placeKey(start), { place: start, far: 0 }]])
  const edges: LineageEdge[] = []
  for (const { place, far } of found.values()) {
    if (place.column === null && !isWhole(nodes.get(place.node))) continue
    // Who reads the table, but whose columns nobody knows, may read this one.
    const unsure =
      place.column === null ? [] : next({ node: place.node, column: null }).filter((edge) => isUnsure(edge, nodes))
    for (const edge of [...next(place), ...unsure]) {
      if (kinds !== undefined && !kinds.has(edge.kind)) continue
      const to = end(edge)
      const away = far + (to.node === place.node ? 0 : 1)
      if (depth !== undefined && away > depth) continue
      edges.push(edge)
      if (!found.has(placeKey(to))) found.set(placeKey(to), { place: to, far: away })
    }
  }
  return { seen: [...found.values()].map(({ place }) => place.node), edges }
}

function isUnsure({ from, to, kind }: LineageEdge, nodes: ReadonlyMap<UniqueId, LineageNode>): boolean {
  if (kind !== 'reads' && kind !== 'tests') return false
  return from.column === null && nodes.get(to.node)?.level === 'table'
}

/** Resources without columns of their own (metrics, exposures), and those whose columns could not be followed. */
function isWhole(node: LineageNode | undefined): boolean {
  return node === undefined || node.columns.length === 0 || node.level === 'table'
}
