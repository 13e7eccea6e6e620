import type { GraphNode } from '../manifest/index.js'

/** How a plan names a resource: `orders`, `orders.v2`, `app.orders` for a source's table. */
export function shortName(node: GraphNode): string {
  if (node.resource_type === 'source') return `${node.source_name}.${node.name}`
  const version = node.resource_type === 'model' ? node.version : null
  return version === null || version === undefined ? node.name : `${node.name}.v${version}`
}
