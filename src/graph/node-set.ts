import type { Dag } from './dag.js'

/** A set of nodes of one dag: 1 at the number of each node that is in it. */
export type NodeSet = Uint8Array

export function emptySet(dag: Dag): NodeSet {
  return new Uint8Array(dag.ids.length)
}

export function unionOf(sets: readonly NodeSet[], dag: Dag): NodeSet {
  const out = emptySet(dag)
  for (const set of sets) for (let i = 0; i < out.length; i++) out[i]! |= set[i]!
  return out
}

/** What is in all of the sets; nothing when there are none. */
export function intersectionOf(sets: readonly NodeSet[], dag: Dag): NodeSet {
  const out = sets[0]?.slice() ?? emptySet(dag)
  for (const set of sets) for (let i = 0; i < out.length; i++) out[i]! &= set[i]!
  return out
}

/** What is in the first set and in none of the others. */
export function differenceOf(sets: readonly NodeSet[], dag: Dag): NodeSet {
  const [first, ...others] = sets
  const out = first?.slice() ?? emptySet(dag)
  for (const set of others) for (let i = 0; i < out.length; i++) if (set[i] === 1) out[i] = 0
  return out
}

export function isEmptySet(set: NodeSet): boolean {
  return !set.includes(1)
}
