import { didYouMean } from '../core/did-you-mean.js'
import type { Dag } from './dag.js'
import { METHODS } from './methods/index.js'
import type { NodeSet } from './node-set.js'
import type { Criterion } from './selection-spec.js'

/** `did you mean 'stg_orders'?` for a criterion that finds nothing. */
export function suggestFor(criterion: Criterion, dag: Dag, members: NodeSet): string | undefined {
  const { names, over } = METHODS[criterion.method]
  const value = String(criterion.value)
  if (names === undefined || value === '') return undefined
  const candidates = new Set<string>()
  dag.nodes.forEach((node, i) => {
    if (members[i] === 0 || !over.has(node.resource_type)) return
    // who wrote a bare name is not helped by a qualified one
    for (const name of names(node)) if (name.includes('.') === value.includes('.')) candidates.add(name)
  })
  return didYouMean(value, candidates)
}
