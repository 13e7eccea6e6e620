import { fail } from '../../core/diagnostic.js'
import { findResource, type GraphNode } from '../../manifest/index.js'
import type { Command } from '../command.js'
import { EXIT } from '../command.js'
import { parseAndSave } from '../parse-and-save.js'
import type { Ready } from '../ready.js'
import { selectionOf } from '../run-graph.js'
import { GRAPH_OPTIONS, TYPES } from './shared-options.js'

/** Keys of `--output json` when none are asked for, as dbt's list prints them. */
const JSON_KEYS = new Set([
  'alias',
  'name',
  'package_name',
  'depends_on',
  'tags',
  'config',
  'resource_type',
  'source_name',
  'original_file_path',
  'unique_id',
])

const list: Command = {
  name: 'list',
  summary: 'List the resources of the project',
  help: 'Prints the selected resources, one a line. Does not touch the warehouse.',
  examples: [
    'plumb ls --select +orders',
    'plumb ls --resource-type model --output json --output-keys name config.materialized',
  ],
  options: [
    ...GRAPH_OPTIONS.filter((name) => name !== 'select'),
    'list_select',
    ...TYPES,
    'models',
    'list_output',
    'output_keys',
  ],
  need: 'manifest',
  async run(ready) {
    const models = ready.options.list('models')
    if (models.length > 0 && ready.options.list('list_select').length > 0)
      fail('runtime', 'bad-usage', '"models" and "select" are mutually exclusive arguments')
    if (models.length > 0 && ready.options.list('resource_types').length > 0)
      fail('runtime', 'bad-usage', '"models" and "resource_type" are mutually exclusive arguments')
    const { workspace, manifest } = await parseAndSave(ready)
    const selected = await workspace.select({
      ...selectionOf(ready),
      select: ready.options.list('list_select'),
      ...(models.length > 0 ? { select: models, resourceTypes: ['model'] } : {}),
    })
    await (await import('../../write-artifacts.js')).saveGraphSummary(workspace)
    const ids = [...selected].sort()
    if (ids.length === 0)
      ready.emit({ name: 'NoNodesSelected', code: 'Q038', level: 'warn', msg: 'No nodes selected!', data: {} })
    const isJson = ready.options.text('list_output') === 'json'
    // It knows Python's numbers, which nothing else here needs.
    const write = isJson ? (await import('../print/node-json.js')).nodeJson : JSON.stringify
    for (const id of ids) {
      const node = findResource(manifest, id)
      if (node !== undefined) ready.print(line(ready, node, write))
    }
    return EXIT.ok
  },
}
export default list

function line(ready: Ready, node: GraphNode, write: (value: unknown) => string): string {
  switch (ready.options.text('list_output') ?? 'selector') {
    case 'name':
      return searchName(node)
    case 'path':
      return node.original_file_path
    case 'json':
      return write(
        jsonOf(
          node,
          ready.options
            .list('output_keys')
            .flatMap((key) => key.split(/[\s,]+/))
            .filter((key) => key !== ''),
        ),
      )
    default:
      return selectorOf(node)
  }
}

/** What a person would type to select the node. */
function selectorOf(node: GraphNode): string {
  switch (node.resource_type) {
    case 'source':
      return `source:${node.package_name}.${node.source_name}.${node.name}`
    case 'exposure':
    case 'metric':
    case 'saved_query':
    case 'semantic_model':
      return `${node.resource_type}:${node.package_name}.${node.name}`
    case 'unit_test':
      return `unit_test:${node.package_name}.${searchName(node)}`
    default:
      return node.fqn.join('.')
  }
}

/** The name without its package: sources with their source's, versioned models with `.v<n>`. */
function searchName(node: GraphNode): string {
  if (node.resource_type === 'source') return `${node.source_name}.${node.name}`
  const version = 'version' in node ? node.version : null
  if (node.resource_type === 'unit_test')
    return version === null || version === undefined ? node.name : `${node.name}_v${version}`
  return version === null || version === undefined ? node.name : `${node.name}.v${version}`
}

function jsonOf(node: GraphNode, keys: readonly string[]): Record<string, unknown> {
  const record = node as unknown as Record<string, unknown>
  if (keys.length === 0) return Object.fromEntries(Object.entries(record).filter(([key]) => JSON_KEYS.has(key)))
  const out: Record<string, unknown> = {}
  for (const key of keys) {
    if (!key.includes('.')) {
      if (key in record) out[key] = record[key]
      continue
    }
    const value = key
      .split('.')
      .reduce<unknown>(
        (at, part) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined),
        record,
      )
    if (value !== undefined && value !== null) out[key] = value
  }
  return out
}
