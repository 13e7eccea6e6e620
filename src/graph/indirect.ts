import type { IndirectSelection } from '../core/flags.js'
import { type Dag, reach } from './dag.js'
import { emptySet, type NodeSet, unionOf } from './node-set.js'

/** What was selected, and tests of it that might still join once their other parents turn out to be selected, too. */
export interface Selected {
  readonly direct: NodeSet
  readonly indirect: NodeSet
}

/**
 * Adds the tests of selected resources: `eager` every one that has a selected parent, `cautious` those of which all
 * parents are selected, `buildable` those whose parents are selected, upstream of it, or sources. The rest is kept
 * aside as indirect. `empty` adds none.
 */
export function withTests(selected: NodeSet, mode: IndirectSelection, dag: Dag, members: NodeSet): Selected {
  const indirect = emptySet(dag)
  if (mode === 'empty') return { direct: selected, indirect }
  const direct = selected.slice()
  const enough = mode === 'buildable' ? withSources(upstreamOf(selected, dag, members), dag) : selected
  const { start, targets } = dag.children
  for (let node = 0; node < selected.length; node++) {
    if (selected[node] === 0) continue
    for (let e = start[node]!; e < start[node + 1]!; e++) {
      const test = targets[e]!
      if (direct[test] === 1 || indirect[test] === 1 || members[test] === 0 || !isTest(dag, test)) continue
      if (mode === 'eager' || hasAllParents(dag, test, enough)) direct[test] = 1
      else indirect[test] = 1
    }
  }
  return { direct, indirect }
}

/** Lets tests kept aside join where a combination of selections brought all of their parents together. */
export function joinTests(
  direct: NodeSet,
  candidates: NodeSet,
  mode: IndirectSelection,
  dag: Dag,
  members: NodeSet,
): NodeSet {
  if (mode !== 'cautious' && mode !== 'buildable') return direct
  const enough = mode === 'buildable' ? upstreamOf(direct, dag, members) : direct
  const joined = direct.slice()
  for (let node = 0; node < candidates.length; node++) {
    if (candidates[node] === 0 || joined[node] === 1) continue
    if (dag.nodes[node]!.resource_type === 'unit_test') continue
    if (hasAllParents(dag, node, enough)) joined[node] = 1
  }
  return joined
}

function isTest(dag: Dag, node: number): boolean {
  const type = dag.nodes[node]!.resource_type
  return type === 'test' || type === 'unit_test'
}

function hasAllParents(dag: Dag, node: number, set: NodeSet): boolean {
  const { start, targets } = dag.parents
  for (let e = start[node]!; e < start[node + 1]!; e++) if (set[targets[e]!] === 0) return false
  return true
}

function upstreamOf(selected: NodeSet, dag: Dag, members: NodeSet): NodeSet {
  return unionOf([selected, reach(dag.parents, selected, null, members)], dag)
}

function withSources(set: NodeSet, dag: Dag): NodeSet {
  for (let node = 0; node < set.length; node++) if (dag.nodes[node]!.resource_type === 'source') set[node] = 1
  return set
}
