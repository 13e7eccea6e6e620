import { toRepr, toStr, type Value } from '../../jinja/index.js'
import type { FreshnessThreshold, JsonObject, Quoting, SourceConfig, SourceDefinition } from '../../manifest/index.js'
import type { TestReferences } from '../generic-tests/test-references.js'
import { SHARED } from '../node-fields.js'
import { asTags, columnsOf } from '../properties/columns.js'
import type { Data } from '../properties/node-properties.js'
import { quotedColumn } from '../properties/node-tests.js'
import type { SourcePatch, SourceTable, SourceTables } from '../properties/sources.js'
import { isDict } from '../shape/shape.js'
import { attempt, blame, type ParseState } from '../state.js'
import { addDisabled } from './add-node.js'
import { parseGenericTest } from './generic-test.js'
import { hasThreshold, loadedAt, mergedFreshness } from './source-freshness.js'

/** Makes nodes of all source tables, overrides applied, and of their tests. */
export async function buildSources(
  state: ParseState,
  sources: SourceTables,
  references: TestReferences,
): Promise<void> {
  const used = new Map<SourcePatch, Set<string>>()
  for (const given of sources.tables.values()) {
    await attempt(state, async () => {
      const table = override(given, sources, used)
      await parseSourceTests(state, references, table)
      let node: SourceDefinition
      try {
        node = sourceNode(state, table)
      } catch (error) {
        throw blame(error, {
          name: `${table.source['name']}.${table.table['name']}`,
          resource_type: 'source',
          unique_id: table.id,
          original_file_path: table.properties.path,
        })
      }
      if (node.config.enabled) state.manifest.sources[node.unique_id] = node
      else addDisabled(state, node)
    })
  }
  warnUnused(state, sources, used)
}

const NOT_OVERRIDDEN = new Set(['name', 'overrides', 'tables', 'path'])

/** Lays an override over a source and its table. What it leaves out of config, freshness and quoting is reset. */
function override(table: SourceTable, sources: SourceTables, used: Map<SourcePatch, Set<string>>): SourceTable {
  const patch = sources.patches.get(`${table.packageName}.${String(table.source['name'])}`)
  if (patch === undefined) return table
  const names = used.get(patch) ?? new Set()
  used.set(patch, names)
  const source: Data = { ...table.source, config: {}, freshness: {} }
  for (const key in patch.data) {
    const value = patch.data[key]
    if (!NOT_OVERRIDDEN.has(key) && (value !== null || key === 'freshness')) source[key] = value
  }
  const name = String(table.table['name'])
  const own = ((patch.data['tables'] ?? []) as Data[]).find((t) => t['name'] === name)
  if (own === undefined) return { ...table, source }
  names.add(name)
  const changed: Data = { ...table.table, freshness: {}, quoting: {} }
  for (const key in own) if (own[key] !== null || key === 'freshness') changed[key] = own[key]
  return { ...table, source, table: changed }
}

function warnUnused(state: ParseState, sources: SourceTables, used: Map<SourcePatch, Set<string>>): void {
  const lines: string[] = []
  for (const [id, patch] of sources.patches) {
    const names = used.get(patch)
    if (names === undefined) {
      lines.push(`  - Source ${id} (in ${patch.path})`)
      continue
    }
    const tables = ((patch.data['tables'] ?? []) as Data[]).map((t) => String(t['name']))
    for (const name of tables.filter((t) => !names.has(t)).sort()) {
      lines.push(`  - Source table ${id}.${name} (in ${patch.path})`)
    }
  }
  if (lines.length === 0) return
  const message = ['During parsing, dbt encountered source overrides that had no target:', ...lines, ''].join('\n')
  state.warnings.warn('UnusedTables', message, { data: { unused_tables: lines } })
}

function sourceNode(state: ParseState, given: SourceTable): SourceDefinition {
  const { source, table, properties, packageName, fqn } = given
  const loaded = loadedAt(source, table)
  const patch: Data = { ...dictOf(source['config']), ...dictOf(table['config']) }
  const freshness = mergedFreshness(source, table)
  if (freshness === undefined) delete patch['freshness']
  else patch['freshness'] = freshness
  patch['loaded_at_field'] = loaded.field
  patch['loaded_at_query'] = loaded.query
  patch['meta'] = joinedMeta(source, table)
  patch['tags'] = joinedTags(state, source, table)
  const subject = { type: 'source', packageName, fqn } as const
  const config = state.configs.resolve(subject, { patch }) as SourceConfig
  const sourceMeta = { ...dictOf(source['meta']), ...dictOf(dictOf(source['config'])['meta']) } as JsonObject
  const node: SourceDefinition = {
    database: (source['database'] as string | undefined) || state.credentials.database,
    schema: String(source['schema'] || source['name']),
    name: String(table['name']),
    resource_type: 'source',
    package_name: packageName,
    path: properties.path,
    original_file_path: properties.path,
    unique_id: given.id,
    fqn,
    source_name: String(source['name']),
    source_description: (source['description'] as string | undefined) ?? '',
    loader: (source['loader'] as string | undefined) ?? '',
    identifier: String(table['identifier'] || table['name']),
    quoting: joinedQuoting(source, table),
    loaded_at_field: config.loaded_at_field,
    loaded_at_query: config.loaded_at_query,
    freshness: config.freshness,
    external: externalOf(table['external']),
    description: (table['description'] as string | undefined) || '',
    columns: columnsOf((table['columns'] ?? []) as Data[]),
    meta: config.meta,
    source_meta: sourceMeta,
    tags: config.tags,
    config,
    patch_path: null,
    unrendered_config: state.configs.unrendered(subject, { patch }) as JsonObject,
    relation_name: null,
    created_at: state.createdAt,
    unrendered_database: given.unrendered.database,
    unrendered_schema: given.unrendered.schema,
    doc_blocks: SHARED.list,
  }
  node.relation_name = relationName(state, node)
  warnOfFreshness(state, node)
  return node
}

function dictOf(value: unknown): Data {
  return isDict(value) ? value : {}
}

function joinedMeta(source: Data, table: Data): Data {
  return {
    ...dictOf(source['meta']),
    ...dictOf(dictOf(source['config'])['meta']),
    ...dictOf(table['meta']),
    ...dictOf(dictOf(table['config'])['meta']),
  }
}

function joinedTags(state: ParseState, source: Data, table: Data): string[] {
  const ofConfig = (holder: Data): string[] => {
    const given = dictOf(holder['config'])['tags'] ?? []
    const tags = Array.isArray(given) ? given : [given]
    return tags.filter((tag): tag is string => {
      if (typeof tag === 'string') return true
      const field = `\`config.tags\`: ${toRepr(given as Value)}`
      const name = String(holder['name'])
      state.warnings.warn('ValidationWarning', `Field ${field} is not valid for source (${name})`, {
        data: { field_name: field, resource_type: 'source', node_name: name },
      })
      return false
    })
  }
  const tags = [...asTags(source['tags']), ...ofConfig(source), ...asTags(table['tags']), ...ofConfig(table)]
  return [...new Set(tags)].sort()
}

function joinedQuoting(source: Data, table: Data): Quoting {
  const quoting: Quoting = { database: null, schema: null, identifier: null, column: null }
  for (const holder of [dictOf(source['quoting']), dictOf(table['quoting'])]) {
    for (const part of ['database', 'schema', 'identifier', 'column'] as const) {
      const value = holder[part]
      if (typeof value === 'boolean') quoting[part] = value
    }
  }
  return quoting
}

function externalOf(given: unknown): JsonObject | null {
  if (!isDict(given)) return null
  const {
    location = null,
    file_format = null,
    row_format = null,
    tbl_properties = null,
    partitions = null,
    ...rest
  } = given as JsonObject
  return {
    location,
    file_format,
    row_format,
    tbl_properties,
    partitions,
    ...rest,
  }
}

/** The name queries use; unlike `source()` in a query, it follows the project's quoting too. */
function relationName(state: ParseState, node: SourceDefinition): string {
  const { relations } = state.session
  const quote = { ...relations.projectQuoting }
  for (const part of ['database', 'schema', 'identifier'] as const) {
    const own = node.quoting[part]
    if (own !== null) quote[part] = own
  }
  const location = state.plugin.renderSource?.(node, { execute: false }) ?? null
  return toStr(relations.create(node, { quote, location }))
}

function warnOfFreshness(state: ParseState, node: SourceDefinition): void {
  if (!hasThreshold(node.freshness as FreshnessThreshold | null)) return
  if (node.loaded_at_field || node.loaded_at_query) return
  if (state.plugin.capabilities.tableLastModifiedMetadata === true) return
  const msg =
    'The configured adapter does not support metadata-based freshness. A loaded_at_field must be specified for source ' +
    `'${node.source_name}.${node.name}'.`
  state.warnings.warn('FreshnessConfigProblem', msg, { nodeId: node.unique_id, data: { msg } })
}

async function parseSourceTests(state: ParseState, references: TestReferences, given: SourceTable): Promise<void> {
  const { source, table, properties, base, index } = given
  const names: [string, string] = [String(source['name']), String(table['name'])]
  const common = {
    properties,
    yamlKey: 'sources',
    keyName: names[0],
    source: names,
    target: {
      kind: 'source' as const,
      name: names.join('_'),
      packageName: given.packageName,
      originalPath: properties.path,
      version: null,
      reference: `source('${names[0]}', '${names[1]}')`,
    },
  }
  const tags = [...asTags(source['tags']), ...asTags(table['tags'])]
  const tablePath = [...base, 'tables', index]
  for (const [i, test] of testsOf(given, table).entries()) {
    const path = [...tablePath, 'data_tests', i]
    await parseGenericTest(state, references, test, { ...common, path, columnName: null, tags })
  }
  const quoteColumns = dictOf(table['quoting'])['column'] ?? dictOf(source['quoting'])['column'] ?? null
  for (const [c, column] of ((table['columns'] ?? []) as Data[]).entries()) {
    const columnName = quotedColumn(state, column, quoteColumns as boolean | null)
    const columnTags = [...tags, ...asTags(column['tags']), ...asTags(dictOf(column['config'])['tags'])]
    for (const [i, test] of testsOf(given, column).entries()) {
      const path = [...tablePath, 'columns', c, 'data_tests', i]
      await parseGenericTest(state, references, test, { ...common, path, columnName, tags: columnTags })
    }
  }
}

function testsOf({ properties, base }: SourceTable, holder: Data): unknown[] {
  const now = (holder['data_tests'] ?? []) as unknown[]
  const old = (holder['tests'] ?? []) as unknown[]
  if (now.length > 0 && old.length > 0) {
    const message = "Invalid test config: cannot have both 'tests' and 'data_tests' defined"
    throw properties.error('properties-invalid', message, base)
  }
  return now.length > 0 ? now : old
}
