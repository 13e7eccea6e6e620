import { type LineageNode, type LineageSlice, type Place, VALUE_KINDS } from '../types.js'

/** A slice as a Mermaid flowchart: tables as boxes, their columns inside. */
export function lineageMermaid(slice: LineageSlice): string {
  const ids = new Names()
  const lines = ['flowchart LR']
  for (const [node, columns] of columnsByNode(slice)) {
    if (columns.length === 0) {
      lines.push(`  ${ids.of(node.id)}["${escaped(label(node))}"]`)
      continue
    }
    lines.push(`  subgraph ${ids.of(node.id)}["${escaped(label(node))}"]`)
    for (const column of columns) lines.push(`    ${ids.of(`${node.id}.${column}`)}["${escaped(column)}"]`)
    lines.push('  end')
  }
  for (const { from, to, kind } of slice.edges) {
    const arrow = VALUE_KINDS.has(kind) ? '-->' : '-.->'
    lines.push(`  ${ids.of(keyOf(from))} ${arrow}|${kind}| ${ids.of(keyOf(to))}`)
  }
  return lines.join('\n')
}

/** A slice for Graphviz. */
export function lineageDot(slice: LineageSlice): string {
  const lines = ['digraph lineage {', '  rankdir=LR;', '  node [shape=box];']
  let cluster = 0
  for (const [node, columns] of columnsByNode(slice)) {
    if (columns.length === 0) {
      lines.push(`  ${quoted(node.id)} [label=${quoted(label(node))}];`)
      continue
    }
    lines.push(`  subgraph cluster_${cluster++} {`, `    label=${quoted(label(node))};`)
    // The table itself, for what decides its rows.
    if (slice.edges.some(({ from, to }) => isWhole(from, node) || isWhole(to, node)))
      lines.push(`    ${quoted(node.id)} [label="rows", style=dashed];`)
    for (const column of columns) lines.push(`    ${quoted(`${node.id}.${column}`)} [label=${quoted(column)}];`)
    lines.push('  }')
  }
  for (const { from, to, kind } of slice.edges) {
    const style = VALUE_KINDS.has(kind) ? '' : ', style=dashed'
    lines.push(`  ${quoted(keyOf(from))} -> ${quoted(keyOf(to))} [label=${quoted(kind)}${style}];`)
  }
  return [...lines, '}'].join('\n')
}

/** Only columns that an edge touches are drawn. */
function columnsByNode({ nodes, edges }: LineageSlice): Map<LineageNode, string[]> {
  const touched = new Map<string, Set<string>>()
  for (const { node, column } of edges.flatMap(({ from, to }) => [from, to])) {
    if (column === null) continue
    touched.set(node, (touched.get(node) ?? new Set()).add(column))
  }
  return new Map(nodes.map((node) => [node, [...(touched.get(node.id) ?? [])]]))
}

function isWhole(place: Place, node: LineageNode): boolean {
  return place.column === null && place.node === node.id
}

function keyOf({ node, column }: Place): string {
  return column === null ? node : `${node}.${column}`
}

function label({ name, type }: LineageNode): string {
  return type === 'model' ? name : `${type} ${name}`
}

function escaped(text: string): string {
  return text.replaceAll('"', '#quot;')
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** Mermaid takes no dots in ids. */
class Names {
  readonly #known = new Map<string, string>()

  of(key: string): string {
    const known = this.#known.get(key) ?? `n${this.#known.size}`
    this.#known.set(key, known)
    return known
  }
}
