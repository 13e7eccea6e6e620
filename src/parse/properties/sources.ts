import { diagnostic, PlumbError } from '../../core/diagnostic.js'
import { duplicateMessage } from '../checks/duplicates.js'
import { translated } from '../config/merge.js'
import { foldersOf } from '../node-fields.js'
import { sourcePatchShape, sourceShape } from '../shape/resource-shapes.js'
import { isDict } from '../shape/shape.js'
import { attempt, type ParseState } from '../state.js'
import type { Entry } from './entries.js'
import type { Data } from './node-properties.js'
import { removalAdvice } from './patch-node.js'
import type { PropertiesFile } from './properties-file.js'

/** One table of a source as its properties file has it; becomes a node when all files are read. */
export interface SourceTable {
  readonly properties: PropertiesFile
  readonly id: string
  readonly packageName: string
  readonly fqn: string[]
  readonly source: Data
  readonly table: Data
  /** Where source and table stand in the file. */
  readonly base: readonly (string | number)[]
  readonly index: number
  /** `database` and `schema` as written. */
  readonly unrendered: { readonly database: string | null; readonly schema: string | null }
}

/** An entry with `overrides:`: changes a source of an installed package. */
export interface SourcePatch {
  readonly name: string
  readonly overrides: string
  readonly path: string
  readonly data: Data
}

/** Sources of all files, before they are put together. */
export class SourceTables {
  readonly tables = new Map<string, SourceTable>()
  /** By package and source: `shop.raw`. */
  readonly patches = new Map<string, SourcePatch>()
}

/** Reads the `sources:` entries of a file. */
export async function readSources(state: ParseState, into: SourceTables, entries: readonly Entry[]): Promise<void> {
  for (const entry of entries) {
    await attempt(state, () => {
      const data = withUsualNames(entry.data, state.configs.aliases) as Data
      if ('overrides' in data) addPatch(into, entry, data)
      else addTables(state, into, entry, data)
    })
  }
}

function withUsualNames(value: unknown, aliases: ReadonlyMap<string, string>): unknown {
  if (aliases.size === 0) return value
  if (Array.isArray(value)) return value.map((item) => withUsualNames(item, aliases))
  if (!isDict(value)) return value
  const out: Data = {}
  for (const [key, item] of translated(value, aliases)) out[key] = withUsualNames(item, aliases)
  return out
}

function addPatch(into: SourceTables, { properties, key, base }: Entry, data: Data): void {
  data['path'] = properties.path
  const fault = sourcePatchShape.check(data)
  if (fault !== undefined) throw properties.invalidEntry(key, base, data, fault)
  const patch: SourcePatch = {
    name: data['name'] as string,
    overrides: data['overrides'] as string,
    path: properties.path,
    data,
  }
  const id = `${patch.overrides}.${patch.name}`
  const other = into.patches.get(id)
  if (other !== undefined) {
    const message =
      `dbt found two schema.yml entries for the same source named ${patch.name} in package ${patch.overrides}. ` +
      'Sources may only be overridden a single time. To fix this, ' +
      removalAdvice(patch.path, other.path, id, 'sources')
    throw new PlumbError(diagnostic('compilation', 'duplicate-properties', message, { at: properties.at(base) }))
  }
  into.patches.set(id, patch)
}

function addTables(state: ParseState, into: SourceTables, entry: Entry, data: Data): void {
  const { properties, key, base, raw } = entry
  const { file } = properties
  markLoadedAt(data, raw)
  const fault = sourceShape.check(data)
  if (fault !== undefined) throw properties.invalidEntry(key, base, data, fault)
  checkLoadedAt(entry, data)
  const source = data['name'] as string
  const text = (value: unknown): string | null => (value ? String(value) : null)
  const unrendered = { database: text(raw['database']), schema: text(raw['schema']) }
  for (const [index, table] of ((data['tables'] ?? []) as Data[]).entries()) {
    const name = table['name'] as string
    const id = `source.${file.packageName}.${source}.${name}`
    const added: SourceTable = {
      properties,
      id,
      packageName: file.packageName,
      fqn: [file.packageName, ...foldersOf(file.relativePath), source, name],
      source: data,
      table,
      base,
      index,
      unrendered,
    }
    const other = into.tables.get(id)
    if (other === undefined) into.tables.set(id, added)
    else {
      state.bag.add(
        diagnostic('compilation', 'duplicate-resource', duplicateMessage(asDuplicate(added), asDuplicate(other)), {
          at: properties.at([...base, 'tables', index, 'name']),
        }),
      )
    }
  }
}

function asDuplicate(table: SourceTable): Parameters<typeof duplicateMessage>[0] {
  return {
    name: table.table['name'] as string,
    source_name: table.source['name'] as string,
    resource_type: 'source',
    unique_id: table.id,
    original_file_path: table.properties.path,
  }
}

/** `loaded_at_field: null` at a table means something else than no `loaded_at_field`. */
function markLoadedAt(data: Data, raw: { readonly [key: string]: unknown }): void {
  const written = Array.isArray(raw['tables']) ? raw['tables'] : []
  const tables = Array.isArray(data['tables']) ? data['tables'] : []
  for (const [i, table] of tables.entries()) {
    const given: unknown = written[i]
    if (!isDict(table) || !isDict(given)) continue
    const config = isDict(given['config']) ? given['config'] : undefined
    if ('loaded_at_field' in given || config?.['loaded_at_field']) (table as Data)['loaded_at_field_present'] = true
  }
}

function checkLoadedAt({ properties, key, base }: Entry, data: Data): void {
  const holders = [data, ...((data['tables'] ?? []) as Data[])]
  if (!holders.some((holder) => holder['loaded_at_field'] === '')) return
  throw properties.invalidEntry(key, base, data, { message: 'loaded_at_field cannot be an empty string.', path: [] })
}
