import type { Value } from '../../jinja/index.js'
import type { Member } from '../node-scope.js'

/** `graph`: every resource by section. Empty while parsing, when there is no graph yet. */
export const graph: Member = ({ session, execute }) => {
  if (!execute) return {}
  return session.shared('graph', () => {
    const { exposures, functions, groups, metrics, nodes, sources, semantic_models, saved_queries } = session.manifest
    return { exposures, functions, groups, metrics, nodes, sources, semantic_models, saved_queries } as unknown as Value
  })
}
