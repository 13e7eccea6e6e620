import type { GraphNode } from '../../manifest/index.js'
import { fnmatch } from '../fnmatch.js'
import { EVERYTHING, type SelectorMethod } from './method.js'

/** `tag:nightly`, `tag:night*` */
export const tag: SelectorMethod = {
  over: EVERYTHING,
  prepare(value) {
    const matches = fnmatch(String(value))
    return (node) => tagsOf(node).some(matches)
  },
  names: tagsOf,
}

/** Tags of a resource; semantic models have none, unit tests keep theirs in `config`. */
function tagsOf(node: GraphNode): readonly string[] {
  if (node.resource_type === 'semantic_model') return []
  const tags: readonly string[] | string | undefined = node.resource_type === 'unit_test' ? node.config.tags : node.tags
  return typeof tags === 'string' ? [tags] : (tags ?? [])
}
