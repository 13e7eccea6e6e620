import type { SiteColumns } from '../../serve/site/documents.js'
import type { Project } from '../state/site.js'

export interface ColumnEdge {
  readonly from: number
  readonly fromColumn: string | null
  readonly to: number
  readonly toColumn: string | null
  readonly kind: string
}

/** Everything a column is made of and everything made of it. */
export interface ColumnPath {
  readonly node: number
  readonly column: string
  /** Columns on the path, by resource. */
  readonly columns: ReadonlyMap<number, ReadonlySet<string>>
  readonly edges: readonly ColumnEdge[]
  /** Kind of use -> how often: for the legend. */
  readonly nodes: ReadonlySet<number>
}

/** Kinds that make values; the others say which rows there are. */
const MAKES_VALUES: ReadonlySet<string> = new Set(['copied', 'renamed', 'computed', 'aggregated'])

/** Follows a column up and down through what makes values of it; uses as filter or key are shown, not followed. */
export function columnPath(project: Project, { edges }: SiteColumns, node: number, column: string): ColumnPath {
  const into = new Map<string, ColumnEdge[]>()
  const outOf = new Map<string, ColumnEdge[]>()
  for (const [from, fromColumn, to, toColumn, kind] of edges) {
    const edge = { from, fromColumn, to, toColumn, kind }
    push(into, key(to, toColumn), edge)
    push(outOf, key(from, fromColumn), edge)
  }
  const found = new Set<ColumnEdge>()
  const columns = new Map<number, Set<string>>()
  const note = (number: number, name: string | null): void => {
    const names = columns.get(number) ?? columns.set(number, new Set()).get(number)!
    if (name !== null) names.add(name)
  }
  note(node, column)
  const walk = (index: ReadonlyMap<string, readonly ColumnEdge[]>, side: 'from' | 'to'): void => {
    const open: [number, string | null][] = [[node, column]]
    const seen = new Set([key(node, column)])
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const edge of index.get(key(...next)) ?? []) {
        found.add(edge)
        const number = edge[side]
        const name = side === 'from' ? edge.fromColumn : edge.toColumn
        note(number, name)
        if (!MAKES_VALUES.has(edge.kind) || seen.has(key(number, name))) continue
        seen.add(key(number, name))
        open.push([number, name])
      }
    }
  }
  walk(into, 'from')
  walk(outOf, 'to')
  const nodes = new Set(columns.keys())
  return { node, column, columns: inOrder(project, columns), edges: [...found], nodes }
}

/** Columns stand in a box in the order the table has them. */
function inOrder(project: Project, columns: ReadonlyMap<number, ReadonlySet<string>>) {
  return new Map(
    [...columns].map(([number, names]) => {
      const order = project.nodes[number]!.columns
      return [number, new Set([...names].sort((a, b) => order.indexOf(a) - order.indexOf(b)))] as const
    }),
  )
}

function key(node: number, column: string | null): string {
  return `${node} ${column ?? ''}`
}

function push<T>(map: Map<string, T[]>, at: string, value: T): void {
  const list = map.get(at)
  if (list === undefined) map.set(at, [value])
  else list.push(value)
}
