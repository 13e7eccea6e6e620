import { fail } from '../../core/diagnostic.js'
import { fnmatch } from '../fnmatch.js'
import type { SelectorMethod } from './method.js'

/** `source:app`, `source:app.orders`, `source:package.app.orders`; each part may have wildcards. */
export const source: SelectorMethod = {
  over: new Set(['source']),
  prepare(value) {
    const parts = String(value).split('.')
    if (parts.length > 3) {
      fail(
        'selector',
        'invalid-selection',
        `Invalid source selector value "${String(value)}". Sources must be of the form \`\${source_name}\`, ` +
          '`${source_name}.${target_name}`, or `${package_name}.${source_name}.${target_name}',
      )
    }
    const [inPackage, ofSource, table] =
      parts.length === 3 ? parts.map(fnmatch) : [fnmatch('*'), fnmatch(parts[0]!), fnmatch(parts[1] ?? '*')]
    return (node) =>
      node.resource_type === 'source' &&
      inPackage!(node.package_name) &&
      ofSource!(node.source_name) &&
      table!(node.name)
  },
  names: (node) => (node.resource_type === 'source' ? [node.source_name, `${node.source_name}.${node.name}`] : []),
}
