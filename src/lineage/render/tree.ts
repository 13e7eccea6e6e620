import type { UniqueId } from '../../manifest/index.js'
import type { LineageGraph } from '../graph.js'
import type { TableRole } from '../roles.js'
import { type EdgeKind, type LineageEdge, type LineageNode, type Place, placeKey, VALUE_KINDS } from '../types.js'

export interface TreeOptions {
  readonly up: boolean
  readonly down: boolean
  readonly depth?: number | undefined
  readonly roles: ReadonlyMap<UniqueId, TableRole>
}

interface Branch {
  readonly text: string
  readonly place: Place
}

/** What a place is made of and what is made of it, as a tree for people. A place shown before is not unfolded again. */
export function lineageTree(graph: LineageGraph, start: Place, { up, down, depth, roles }: TreeOptions): string {
  const lines = [title(graph, start, roles)]
  if (up) {
    lines.push('', start.column === null ? 'reads' : 'comes from')
    lines.push(...grow(graph, start, depth, (place) => parents(graph, place)))
  }
  if (down) {
    lines.push('', start.column === null ? 'is read by' : 'is used by')
    lines.push(...grow(graph, start, depth, (place) => children(graph, place)))
  }
  return lines.join('\n')
}

function title(graph: LineageGraph, place: Place, roles: ReadonlyMap<UniqueId, TableRole>): string {
  const node = graph.nodes.get(place.node)
  const column = node?.columns.find(({ name }) => name === place.column)
  const facts = [
    node?.type ?? '',
    ...(place.column === null
      ? [roles.get(place.node) ?? '']
      : [column?.type ?? '', ...graph.tagsOf(place).map((tag) => `#${tag}`)]),
  ].filter((text) => text !== '')
  const reason =
    node !== undefined && node.level === 'table' && node.reason !== null ? `\nby table only: ${node.reason}` : ''
  return `${nameOf(graph, place)}  (${facts.join(', ')})${reason}`
}

function grow(
  graph: LineageGraph,
  start: Place,
  depth: number | undefined,
  next: (place: Place) => readonly Branch[],
): string[] {
  const lines: string[] = []
  const shown = new Set([placeKey(start)])
  const visit = (place: Place, indent: string, far: number): void => {
    if (depth !== undefined && far >= depth) return
    const branches = next(place)
    branches.forEach((branch, i) => {
      const last = i === branches.length - 1
      const key = placeKey(branch.place)
      const again = shown.has(key) && next(branch.place).length > 0
      lines.push(`${indent}${last ? '└─ ' : '├─ '}${nameOf(graph, branch.place)}${branch.text}${again ? '  …' : ''}`)
      if (shown.has(key)) return
      shown.add(key)
      visit(branch.place, `${indent}${last ? '   ' : '│  '}`, far + 1)
    })
  }
  visit(start, '', 0)
  return lines.length === 0 ? ['  nothing'] : lines
}

/** Of a table: the tables it reads. Of a column: the columns it is made of. */
function parents(graph: LineageGraph, place: Place): Branch[] {
  return branches(graph, place, graph.parentsOf(place), (edge) => edge.from)
}

function children(graph: LineageGraph, place: Place): Branch[] {
  const edges = [...graph.childrenOf(place)]
  if (place.column !== null) {
    const readers = graph.childrenOf({ node: place.node, column: null })
    edges.push(...readers.filter(({ kind, to }) => kind === 'reads' && graph.nodes.get(to.node)?.level === 'table'))
  }
  return branches(graph, place, edges, (edge) => edge.to)
}

function branches(
  graph: LineageGraph,
  place: Place,
  edges: readonly LineageEdge[],
  end: (edge: LineageEdge) => Place,
): Branch[] {
  const found = new Map<string, { place: Place; kinds: Set<EdgeKind> }>()
  for (const edge of edges) {
    const whole = place.column === null && hasColumns(graph.nodes.get(place.node))
    // Between tables one line each: what they do with each other's columns is another question.
    if (whole && edge.kind !== 'reads' && edge.kind !== 'tests' && edge.from.column !== null) continue
    const other = end(edge)
    const key = placeKey(other)
    const known = found.get(key) ?? { place: other, kinds: new Set<EdgeKind>() }
    known.kinds.add(edge.kind)
    found.set(key, known)
  }
  const sorted = [...found.values()].sort((a, b) => weight(a.kinds) - weight(b.kinds))
  return sorted.map(({ place: other, kinds }) => ({ place: other, text: describe(kinds, other) }))
}

function hasColumns(node: LineageNode | undefined): boolean {
  return node !== undefined && node.columns.length > 0
}

/** Values first, then what decides rows, then tests. */
function weight(kinds: ReadonlySet<EdgeKind>): number {
  if ([...kinds].some((kind) => VALUE_KINDS.has(kind))) return 0
  return kinds.has('tests') ? 2 : 1
}

function describe(kinds: ReadonlySet<EdgeKind>, { column }: Place): string {
  const words = [...kinds].filter((kind) => kind !== 'reads' || column !== null)
  return words.length === 0 ? '' : `  ${words.join(', ')}`
}

function nameOf(graph: LineageGraph, { node, column }: Place): string {
  const found = graph.nodes.get(node)
  const plain =
    found === undefined
      ? node
      : found.type === 'model'
        ? found.name
        : found.type === 'source'
          ? node.split('.').slice(2).join('.')
          : `${found.type} ${found.name}`
  return column === null ? plain : `${plain}.${column}`
}
