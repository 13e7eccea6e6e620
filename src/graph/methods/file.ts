import type { GraphNode } from '../../manifest/index.js'
import { fnmatch } from '../fnmatch.js'
import { EVERYTHING, type SelectorMethod } from './method.js'

/** `file:orders.sql`, `file:orders`: the file a resource is written in, by name without its folder. */
export const file: SelectorMethod = {
  over: EVERYTHING,
  prepare(value) {
    const matches = fnmatch(String(value))
    return (node) => namesOf(node).some(matches)
  },
  names: namesOf,
}

/** With and without the ending. */
function namesOf(node: GraphNode): readonly string[] {
  const name = node.original_file_path.slice(node.original_file_path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return [name, dot > 0 ? name.slice(0, dot) : name]
}
