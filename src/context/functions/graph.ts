import type { Value } from '../../jinja/index.js'
import type { Member } from '../node-scope.js'

/** `graph`: every resource by section. Empty while parsing, when there is no graph yet. */
export const graph: Member = ({ session, execute }) => {
  if (!execute) return {}
  return session.shared('graph', () => {
    const { exposures, functions, groups, metrics, nodes, sources, semantic_models, saved_queries } = session.manifest
    const sections = { exposures, functions, groups, metrics, nodes, sources, semantic_models, saved_queries }
    // As maps: templates walk over all nodes again and again, and an object would list them anew each time.
    return Object.fromEntries(
      Object.entries(sections).map(([name, section]) => [name, new Map(Object.entries(section ?? {}))]),
    ) as unknown as Value
  })
}
