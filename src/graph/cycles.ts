import { createRequire } from 'node:module'
import { type Diagnostic, diagnostic } from '../core/diagnostic.js'
import { describeNode, type GraphNode, type UniqueId } from '../manifest/index.js'
import type { Adjacency } from './dag.js'

/**
 * One diagnostic for every knot of nodes that depend on each other, each with the path of a cycle in it. The first one
 * shows the path that dbt (networkx's depth-first search) shows.
 */
export function cycleDiagnostics(
  ids: readonly UniqueId[],
  nodes: readonly GraphNode[],
  children: Adjacency,
  sorted: ReadonlySet<number>,
): Diagnostic[] {
  // loaded here, so that projects without cycles (all that run) do not pay for it at every start
  const { alg, Graph } = createRequire(import.meta.url)('@dagrejs/graphlib') as typeof import('@dagrejs/graphlib')
  const graph = new Graph({ directed: true })
  for (let i = 0; i < ids.length; i++) {
    if (sorted.has(i)) continue
    for (const child of targetsOf(children, i)) graph.setEdge(String(i), String(child))
  }
  const entered = depthFirstOrder(children)
  return alg
    .findCycles(graph)
    .map((knot) => knot.map(Number).sort((a, b) => entered[a]! - entered[b]!))
    .sort((a, b) => entered[a[0]!]! - entered[b[0]!]!)
    .map((knot) => {
      const path = cycleFrom(knot[0]!, new Set(knot), children)
      const first = nodes[path[0]!]!
      const last = nodes[path.at(-1)!]!
      return diagnostic('compilation', 'dependency-cycle', `Found a cycle: ${path.map((i) => ids[i]).join(' --> ')}`, {
        nodeId: first.unique_id,
        hint:
          first === last
            ? `${describeNode(first)} depends on itself`
            : `${describeNode(first)} depends on ${describeNode(last)}: take out one of the references between them`,
      })
    })
}

function targetsOf({ start, targets }: Adjacency, node: number): Int32Array {
  return targets.subarray(start[node]!, start[node + 1]!)
}

/** When a depth-first search from the first node on enters each node. */
function depthFirstOrder(children: Adjacency): Int32Array {
  const size = children.start.length - 1
  const entered = new Int32Array(size).fill(-1)
  let clock = 0
  for (let root = 0; root < size; root++) {
    const stack = [root]
    while (stack.length > 0) {
      const node = stack.pop()!
      if (entered[node] !== -1) continue
      entered[node] = clock++
      const next = targetsOf(children, node)
      for (let e = next.length - 1; e >= 0; e--) if (entered[next[e]!] === -1) stack.push(next[e]!)
    }
  }
  return entered
}

/** The first cycle that a depth-first search from `root` closes, walking only nodes of the knot. */
function cycleFrom(root: number, knot: ReadonlySet<number>, children: Adjacency): number[] {
  const path = [root]
  const edge = [0]
  const active = new Set(path)
  const done = new Set<number>()
  while (path.length > 0) {
    const node = path.at(-1)!
    const next = targetsOf(children, node)[edge[edge.length - 1]!++]
    if (next === undefined) {
      path.pop()
      edge.pop()
      active.delete(node)
      done.add(node)
    } else if (active.has(next)) {
      return path.slice(path.indexOf(next))
    } else if (knot.has(next) && !done.has(next)) {
      path.push(next)
      edge.push(0)
      active.add(next)
    }
  }
  return [...knot]
}
