import { fail } from '../../core/diagnostic.js'
import type { Json, JsonObject, SavedQueryNode } from '../../manifest/index.js'
import { foldersOf } from '../node-fields.js'
import { asTags } from '../properties/columns.js'
import type { Entry } from '../properties/entries.js'
import { savedQueryShape } from '../shape/semantic-shapes.js'
import { attempt, blame, type ParseState } from '../state.js'
import { addResource } from './add-node.js'
import { whereFilter, word } from './metric-parts.js'

type Data = { readonly [key: string]: unknown }

/** Adds the `saved_queries:` of a file. */
export async function parseSavedQueries(state: ParseState, entries: readonly Entry[]): Promise<void> {
  for (const entry of entries) {
    await attempt(state, () => {
      const { properties, key, base, data } = entry
      const fault = savedQueryShape.check(data)
      if (fault !== undefined) throw properties.invalidEntry(key, base, data, fault)
      return addSavedQuery(state, entry, data)
    })
  }
}

async function addSavedQuery(state: ParseState, entry: Entry, data: Data): Promise<void> {
  const { file } = entry.properties
  const name = data['name'] as string
  const fqn = [file.packageName, ...foldersOf(file.relativePath), name]
  const id = `saved_query.${file.packageName}.${name}`
  try {
    const subject = { type: 'saved_query', packageName: file.packageName, fqn } as const
    const patch = (data['config'] ?? {}) as { [key: string]: unknown }
    const config = state.configs.resolve(subject, { patch }) as SavedQueryNode['config']
    const exports: JsonObject[] = []
    for (const given of (data['exports'] ?? []) as Data[]) {
      exports.push(await exportOf(state, entry, given, config))
    }
    const query: SavedQueryNode = {
      name,
      resource_type: 'saved_query',
      package_name: file.packageName,
      path: file.relativePath,
      original_file_path: file.originalPath,
      unique_id: id,
      fqn,
      query_params: queryParams(data['query_params'] as Data),
      exports,
      description: (data['description'] as string | undefined) ?? null,
      label: (data['label'] as string | undefined) ?? null,
      metadata: null,
      config,
      unrendered_config: state.configs.unrendered(subject, { patch }) as JsonObject,
      group: config.group,
      depends_on: { macros: [], nodes: [] },
      created_at: state.createdAt,
      refs: [],
      tags: [...new Set([...asTags(data['tags']), ...asTags(config['tags'])])].sort(),
    }
    state.places.set(id, () => entry.properties.at([...entry.base, 'name']))
    addResource(state, 'saved_queries', query)
  } catch (error) {
    throw blame(error, { name, resource_type: 'saved_query', unique_id: id, original_file_path: file.originalPath })
  }
}

function queryParams(given: Data): JsonObject {
  return {
    metrics: (given['metrics'] ?? []) as Json,
    group_by: (given['group_by'] ?? []) as Json,
    where: whereFilter(given['where']),
    order_by: (given['order_by'] ?? []) as Json,
    limit: (given['limit'] ?? null) as Json,
  }
}

/** Where an export is written: its own settings, else the query's, else what the project's macros make of its name. */
async function exportOf(
  state: ParseState,
  entry: Entry,
  given: Data,
  config: SavedQueryNode['config'],
): Promise<JsonObject> {
  const name = given['name'] as string
  const own = (given['config'] ?? {}) as Data
  const exportAs = own['export_as'] ?? config.export_as
  if (exportAs === null || exportAs === undefined) {
    fail('parsing', 'export-as-missing', `Export '${name}' has no 'export_as'`, {
      at: entry.properties.at([...entry.base, 'exports']),
      hint: "set `export_as: table` or `export_as: view` in the export's config or in the saved query's",
    })
  }
  const schema = (own['schema_name'] ?? own['schema'] ?? config.schema ?? null) as string | null
  const alias = (own['alias'] ?? null) as string | null
  const named = { name }
  const database = await state.namer.component('database', (own['database'] ?? null) as string | null, named)
  return {
    name,
    config: {
      export_as: word(exportAs, 'ExportDestinationType', ['table', 'view'], entry),
      schema_name: schema || (await state.namer.component('schema', null, named)),
      alias: alias || (await state.namer.component('alias', null, named)),
      database,
    },
    unrendered_config: own as JsonObject,
  }
}
