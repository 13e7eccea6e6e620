import { fail } from '../../core/diagnostic.js'
import type { ResourceType } from '../../manifest/index.js'
import { fnmatch } from '../fnmatch.js'
import type { SelectorMethod } from './method.js'

/**
 * A method that finds resources of one type as `name` or `package.name`, each part with wildcards.
 * @param forms how dbt's message for anything else goes on.
 */
export function byName(type: ResourceType, forms: string): SelectorMethod {
  return {
    over: new Set([type]),
    prepare(value) {
      const parts = String(value).split('.')
      if (parts.length > 2) {
        fail(
          'selector',
          'invalid-selection',
          `Invalid ${type.replace('_', ' ')} selector value "${String(value)}". ${forms}`,
        )
      }
      const inPackage = fnmatch(parts.length === 2 ? parts[0]! : '*')
      const called = fnmatch(parts.at(-1)!)
      return (node) => inPackage(node.package_name) && called(node.name)
    },
    names: (node) => [node.name, `${node.package_name}.${node.name}`],
  }
}
