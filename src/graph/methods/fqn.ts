import type { GraphNode } from '../../manifest/index.js'
import { fnmatch, type TextMatcher } from '../fnmatch.js'
import { ALL_BUT_SOURCES, type SelectorMethod } from './method.js'

/**
 * Names and folders: `orders`, `marts.core`, `shop.marts.*`, `orders.v2`. The value may begin at the package or below
 * it. A path of folders selects all under it; the last part alone is the resource's name.
 */
export const fqn: SelectorMethod = {
  over: ALL_BUT_SOURCES,
  prepare(value) {
    if (value === '*') return () => true
    const matches = fqnMatcher(String(value))
    return (node) => {
      const versioned = isVersioned(node)
      return matches(node.fqn, versioned) || matches(node.fqn.slice(1), versioned)
    }
  },
  names: (node) => (isVersioned(node) ? [node.name, node.fqn.slice(-2).join('.')] : [node.name, node.fqn.join('.')]),
}

function isVersioned(node: GraphNode): boolean {
  return node.resource_type === 'model' && node.version !== null && node.version !== undefined
}

const WILDCARD = /[*?[\]]/

/** dbt's `is_selected_node`, with what depends on the selector alone done beforehand. */
function fqnMatcher(selector: string): (fqn: readonly string[], versioned: boolean) => boolean {
  const parts = selector.split('.')
  const nameAndVersion = parts.slice(-2).join('_')
  const firstWildcard = parts.findIndex((part) => WILDCARD.test(part))
  const exact = firstWildcard === -1 ? parts : parts.slice(0, firstWildcard)
  const rest = firstWildcard === -1 ? undefined : fnmatch(parts.slice(firstWildcard).join('.'))
  // a wildcard without a dot may also match the name alone, however deep the resource lies
  const leaf: TextMatcher | undefined = parts.length === 1 ? fnmatch(selector) : undefined

  return (fqn, versioned) => {
    const name = versioned ? fqn[fqn.length - 2] : fqn[fqn.length - 1]
    if (name === selector) return true
    if (versioned && `${name}_${fqn[fqn.length - 1]}` === nameAndVersion) return true
    // dots in names separate, too
    const flat = fqn.some((segment) => segment.includes('.')) ? fqn.flatMap((segment) => segment.split('.')) : fqn
    if (flat.length < parts.length) return false
    for (let i = 0; i < exact.length; i++) if (flat[i] !== exact[i]) return false
    if (rest === undefined) return true
    if (rest(flat.slice(exact.length).join('.'))) return true
    return leaf !== undefined && name !== undefined && leaf(name)
  }
}
