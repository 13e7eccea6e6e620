import type { Dag } from '../graph/index.js'
import type { UniqueId } from '../manifest/index.js'

/** An edge from a test to what must wait for it; numbers of the dag. */
export type TestEdge = readonly [test: number, waits: number]

/**
 * The edges by which tests hold up a build: a node (model, seed, snapshot ...) waits for a test when everything the
 * test looks at is upstream of the node. Only the nearest such nodes get an edge; what is below them waits anyway.
 * The rule is dbt's `add_test_edges`; the edges have the same transitive closure.
 */
export function testEdges(dag: Dag): TestEdge[] {
  const waits = (node: number): boolean => WAITING.has(dag.nodes[node]!.resource_type)
  const groups = testsByParents(dag)
  const several = new Set<number>()
  for (const { parents } of groups) if (parents.length > 1) for (const parent of parents) several.add(parent)
  const isAbove = several.size > 0 ? ancestryOf(dag, [...several]) : () => true

  const edges: TestEdge[] = []
  for (const { parents, tests } of groups) {
    for (const node of nearestBelow(dag, parents, waits, isAbove)) for (const test of tests) edges.push([test, node])
  }
  return edges
}

/** The same edges by id, for graph_summary.json. */
export function testEdgeIds(dag: Dag): [UniqueId, UniqueId][] {
  return testEdges(dag).map(([test, node]) => [dag.ids[test]!, dag.ids[node]!])
}

/** What can be held up. Functions and what only describes (exposures, metrics) are not. */
const WAITING: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot', 'analysis', 'operation', 'sql_operation'])

interface TestGroup {
  /** In topological order. */
  readonly parents: readonly number[]
  readonly tests: number[]
}

/** Data tests that look at the same nodes are treated once. */
function testsByParents(dag: Dag): TestGroup[] {
  const position = new Int32Array(dag.ids.length)
  dag.topological.forEach((node, i) => {
    position[node] = i
  })
  const { start, targets } = dag.parents
  const groups = new Map<string, TestGroup>()
  for (let i = 0; i < dag.nodes.length; i++) {
    if (dag.nodes[i]!.resource_type !== 'test' || start[i] === start[i + 1]) continue
    const parents = [...targets.subarray(start[i]!, start[i + 1]!)].sort((a, b) => position[a]! - position[b]!)
    const key = parents.join(' ')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { parents, tests: [i] })
    else group.tests.push(i)
  }
  return [...groups.values()]
}

/** Tells which of some nodes are upstream of a node: a row of bits per node, filled from the top down. */
function ancestryOf(dag: Dag, marked: readonly number[]): (ancestor: number, node: number) => boolean {
  const words = Math.ceil(marked.length / 32)
  const bitOf = new Map(marked.map((node, bit) => [node, bit]))
  const rows = new Map<number, Uint32Array>()
  const { start, targets } = dag.parents
  for (const node of dag.topological) {
    if (dag.nodes[node]!.resource_type === 'test' || start[node] === start[node + 1]) continue
    let row: Uint32Array | undefined
    for (let e = start[node]!; e < start[node + 1]!; e++) {
      const parent = targets[e]!
      const above = rows.get(parent)
      const bit = bitOf.get(parent)
      if (above === undefined && bit === undefined) continue
      row ??= new Uint32Array(words)
      if (above !== undefined) for (let w = 0; w < words; w++) row[w]! |= above[w]!
      if (bit !== undefined) row[bit >> 5]! |= 1 << (bit & 31)
    }
    if (row !== undefined) rows.set(node, row)
  }
  return (ancestor, node) => {
    const bit = bitOf.get(ancestor)!
    return ((rows.get(node)?.[bit >> 5] ?? 0) & (1 << (bit & 31))) !== 0
  }
}

/** The first nodes below all of `parents` that wait, on every way down. */
function nearestBelow(
  dag: Dag,
  parents: readonly number[],
  waits: (node: number) => boolean,
  isAbove: (ancestor: number, node: number) => boolean,
): number[] {
  const { start, targets } = dag.children
  const found: number[] = []
  const seen = new Set<number>()
  // what is below all of them is below the last one
  const open = [parents.at(-1)!]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (let e = start[node]!; e < start[node + 1]!; e++) {
      const child = targets[e]!
      if (seen.has(child)) continue
      seen.add(child)
      const belowAll = parents.length === 1 || parents.every((parent) => isAbove(parent, child))
      if (belowAll && waits(child)) found.push(child)
      else open.push(child)
    }
  }
  return found
}
