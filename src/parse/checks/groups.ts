import { diagnostic } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import { toRepr } from '../../jinja/index.js'
import { describeNode, type GraphNode } from '../../manifest/index.js'
import type { ParseState } from '../state.js'

/** Every group that is named must be there. */
export function checkGroups({ manifest, bag }: ParseState): void {
  const known = new Set(Object.values(manifest.groups).map((group) => group.name))
  for (const section of [manifest.metrics, manifest.semantic_models, manifest.saved_queries, manifest.nodes]) {
    const table: Readonly<Record<string, GraphNode>> = section
    for (const id in table) {
      const node = table[id]!
      const group = 'group' in node ? node.group : null
      if (typeof group !== 'string' || group === '' || known.has(group)) continue
      const message = `Invalid group '${group}', expected one of ${toRepr([...known].sort())}`
      bag.add(
        diagnostic('parsing', 'group-not-found', message, {
          nodeId: id,
          subject: describeNode(node),
          hint: didYouMean(group, known),
        }),
      )
    }
  }
}
