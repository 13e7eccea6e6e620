import type { Dag } from '../graph/index.js'
import type { UniqueId } from '../manifest/index.js'
import { BitRow } from './bit-row.js'

/** An edge from a test to what must wait for it; numbers of the dag. */
export type TestEdge = readonly [test: number, waits: number]

/**
 * The edges by which tests hold up a build: a node (model, seed, snapshot ...) waits for a test when everything the
 * test looks at is upstream of the node. Only the nearest such nodes get an edge; what is below them waits anyway.
 * The rule is dbt's `add_test_edges`; the edges have the same transitive closure.
 */
export function testEdges(dag: Dag): TestEdge[] {
  const groups = testsByParents(dag)
  const edges: TestEdge[] = []
  const connect = (group: TestGroup, node: number): void => {
    for (const test of group.tests) edges.push([test, node])
  }
  const several: TestGroup[] = []
  for (const group of groups) {
    if (group.parents.length > 1) several.push(group)
    else for (const node of nearestBelow(dag, group.parents[0]!)) connect(group, node)
  }
  if (several.length > 0) connectBelowAll(dag, several, connect)
  return edges
}

/** The same edges by id, for graph_summary.json. */
export function testEdgeIds(dag: Dag): [UniqueId, UniqueId][] {
  return testEdges(dag).map(([test, node]) => [dag.ids[test]!, dag.ids[node]!])
}

/** What can be held up. Functions and what only describes (exposures, metrics) are not. */
const WAITING: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot', 'analysis', 'operation', 'sql_operation'])

interface TestGroup {
  readonly parents: readonly number[]
  readonly tests: number[]
}

/** Data tests that look at the same nodes are treated once. */
function testsByParents(dag: Dag): TestGroup[] {
  const { start, targets } = dag.parents
  const groups = new Map<string | number, TestGroup>()
  for (let i = 0; i < dag.nodes.length; i++) {
    if (dag.nodes[i]!.resource_type !== 'test' || start[i] === start[i + 1]) continue
    const single = start[i + 1]! - start[i]! === 1
    const parents = single
      ? [targets[start[i]!]!]
      : [...targets.subarray(start[i]!, start[i + 1]!)].sort((a, b) => a - b)
    const key = single ? parents[0]! : parents.join(' ')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { parents, tests: [i] })
    else group.tests.push(i)
  }
  return [...groups.values()]
}

/** The first nodes below one that wait, on every way down. */
function nearestBelow(dag: Dag, top: number): Set<number> {
  const { start, targets } = dag.children
  const found = new Set<number>()
  const open = [top]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (let e = start[node]!; e < start[node + 1]!; e++) {
      const child = targets[e]!
      if (WAITING.has(dag.nodes[child]!.resource_type)) found.add(child)
      else open.push(child)
    }
  }
  return found
}

/** What a node hands down about tests with several parents; bits are numbers of groups. */
interface Below {
  /** Some of the tested nodes are above. */
  readonly some: BitRow
  /** All are above, and a node above waits already. */
  readonly settled: BitRow
  /** All are above, but nothing that could wait has come yet. */
  readonly open: BitRow
  /** The tested nodes above; bits are their own numbers. */
  readonly tested: BitRow
}

/**
 * Goes down the graph once. A group can only become complete where two ways with parts of it meet, or right below a
 * tested node, so only those groups are looked at; whether one is complete is a question of bits.
 */
function connectBelowAll(
  dag: Dag,
  groups: readonly TestGroup[],
  connect: (group: TestGroup, node: number) => void,
): void {
  const bitOf = new Map<number, number>()
  const groupsOf = new Map<number, number[]>()
  groups.forEach(({ parents }, g) => {
    for (const parent of parents) {
      if (!bitOf.has(parent)) bitOf.set(parent, bitOf.size)
      const list = groupsOf.get(parent)
      if (list === undefined) groupsOf.set(parent, [g])
      else list.push(g)
    }
  })
  const partsOf = groups.map(({ parents }) => parents.map((parent) => bitOf.get(parent)!))
  const handedDown = new Map<number, Below>()
  const childrenLeft = countChildren(dag)
  const { start, targets } = dag.parents

  const candidates = new BitRow(groups.length)
  for (const node of dag.topological) {
    if (dag.nodes[node]!.resource_type === 'test' || start[node] === start[node + 1]) continue
    candidates.clear()
    let here: Below | undefined
    let fresh = false
    /** A row of the node's own: what is handed down is shared until it must differ. */
    const own = (): Below => {
      if (fresh && here !== undefined) return here
      fresh = true
      here = copyBelow(here, groups.length, bitOf.size)
      return here
    }
    for (let e = start[node]!; e < start[node + 1]!; e++) {
      const parent = targets[e]!
      const above = handedDown.get(parent)
      if (above !== undefined) {
        candidates.add(above.open)
        if (here === undefined) {
          here = above
        } else if (here !== above) {
          candidates.addCommon(here.some, above.some)
          const mine = own()
          mine.some.add(above.some)
          mine.settled.add(above.settled)
          mine.tested.add(above.tested)
        }
      }
      const bit = bitOf.get(parent)
      if (bit !== undefined) {
        const mine = own()
        mine.tested.set(bit)
        for (const g of groupsOf.get(parent)!) {
          candidates.set(g)
          mine.some.set(g)
        }
      }
      if (--childrenLeft[parent]! === 0) handedDown.delete(parent)
    }
    if (here === undefined) continue
    const settled = here.settled
    candidates.remove(settled)
    const { tested } = here
    const waits = WAITING.has(dag.nodes[node]!.resource_type)
    candidates.forEach((g) => {
      const parts = partsOf[g]!
      for (let i = 0; i < parts.length; i++) if (!tested.has(parts[i]!)) return
      if (waits) {
        connect(groups[g]!, node)
        own().settled.set(g)
      } else {
        own().open.set(g)
      }
    })
    if (childrenLeft[node]! > 0) handedDown.set(node, here)
  }
}

/** `open` is not handed on: it was for the children of who opened it. */
function copyBelow(from: Below | undefined, groups: number, tested: number): Below {
  return {
    some: new BitRow(groups, from?.some),
    settled: new BitRow(groups, from?.settled),
    open: new BitRow(groups),
    tested: new BitRow(tested, from?.tested),
  }
}

/** How many children of each node are no tests: when they are done, what it handed down is not needed any more. */
function countChildren({ nodes, children: { start, targets } }: Dag): Int32Array {
  return Int32Array.from(nodes, (_, i) => {
    let count = 0
    for (let e = start[i]!; e < start[i + 1]!; e++) if (nodes[targets[e]!]!.resource_type !== 'test') count++
    return count
  })
}
