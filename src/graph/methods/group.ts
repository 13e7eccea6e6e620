import type { GraphNode } from '../../manifest/index.js'
import { fnmatch } from '../fnmatch.js'
import { NODES, type SelectorMethod } from './method.js'

/** `group:finance` */
export const group: SelectorMethod = {
  over: new Set([...NODES, 'metric']),
  prepare(value) {
    const matches = fnmatch(String(value))
    return (node) => groupOf(node).some(matches)
  },
  names: groupOf,
}

function groupOf(node: GraphNode): readonly string[] {
  const name = node.config?.['group']
  return typeof name === 'string' && name !== '' ? [name] : []
}
