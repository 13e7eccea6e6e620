import type { GraphNode } from '../../manifest/index.js'
import { fnmatch } from '../fnmatch.js'
import type { SelectorMethod } from './method.js'

/** `test_name:unique`: the generic test that was applied; unit tests by their own name. */
export const testName: SelectorMethod = {
  over: new Set(['test', 'unit_test']),
  prepare(value) {
    const matches = fnmatch(String(value))
    return (node) => nameOf(node).some(matches)
  },
  names: nameOf,
}

function nameOf(node: GraphNode): readonly string[] {
  if (node.resource_type === 'unit_test') return [node.name]
  return node.resource_type === 'test' && node.test_metadata !== undefined ? [node.test_metadata.name] : []
}
