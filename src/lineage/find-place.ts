import { fail } from '../core/diagnostic.js'
import { didYouMean } from '../core/did-you-mean.js'
import type { GraphNode, Manifest } from '../manifest/index.js'
import type { LineageGraph } from './graph.js'
import { resourcesOf } from './table-lineage.js'
import type { Place } from './types.js'

/** Models and their like come before tests and metrics of the same name. */
const ORDER = ['model', 'seed', 'snapshot', 'source', 'metric', 'semantic_model', 'saved_query', 'exposure']

/**
 * The place a person means: `orders`, `orders.amount`, `shop.orders.amount`, `raw.payments.amount` (a source),
 * `metric:revenue`, `model.shop.orders.amount`.
 * @throws PlumbError `lineage-node-not-found`, `lineage-column-not-found` with what is near.
 */
export function findPlace(graph: LineageGraph, manifest: Manifest, text: string): Place {
  const exact = graph.find(text)
  if (exact !== undefined) return exact
  const names = new Map<string, GraphNode>()
  for (const resource of [...resourcesOf(manifest)].sort((a, b) => rank(a) - rank(b))) {
    for (const name of namesOf(resource)) if (!names.has(name)) names.set(name, resource)
  }
  const whole = names.get(text)
  if (whole !== undefined) return { node: whole.unique_id, column: null }
  for (let dot = text.lastIndexOf('.'); dot > 0; dot = text.lastIndexOf('.', dot - 1)) {
    const node = names.get(text.slice(0, dot)) ?? findById(manifest, text.slice(0, dot))
    if (node !== undefined) return columnOf(graph, node, text.slice(dot + 1))
  }
  return fail('usage', 'lineage-node-not-found', `There is nothing named '${text}' in this project`, {
    hint: didYouMean(text, [...names.keys()]) ?? 'name a model, source, metric ..., or a column of one: orders.amount',
  })
}

function rank({ resource_type }: GraphNode): number {
  const at = ORDER.indexOf(resource_type)
  return at === -1 ? ORDER.length : at
}

function findById(manifest: Manifest, id: string): GraphNode | undefined {
  return [...resourcesOf(manifest)].find((each) => each.unique_id === id)
}

function columnOf(graph: LineageGraph, node: GraphNode, name: string): Place {
  const place = graph.find(`${node.unique_id}.${name}`)
  if (place !== undefined) return place
  const columns = graph.nodes.get(node.unique_id)?.columns.map((column) => column.name) ?? []
  return fail('usage', 'lineage-column-not-found', `${node.name} has no column '${name}'`, {
    hint:
      didYouMean(name, columns) ??
      (columns.length > 0 ? `its columns are ${columns.join(', ')}` : 'its columns are not known'),
  })
}

/** What a resource may be called, the longest last. */
function namesOf(resource: GraphNode): string[] {
  const { resource_type: type, package_name: pkg } = resource
  if (type === 'source') {
    const name = `${resource.source_name}.${resource.name}`
    return [name, `source:${name}`, `${pkg}.${name}`, `source:${pkg}.${name}`, resource.name]
  }
  const version = 'version' in resource && resource.version !== null ? [`${resource.name}.v${resource.version}`] : []
  return [resource.name, ...version].flatMap((name) => [
    name,
    `${type}:${name}`,
    `${pkg}.${name}`,
    `${type}:${pkg}.${name}`,
  ])
}
