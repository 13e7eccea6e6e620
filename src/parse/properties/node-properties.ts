import { PlumbError } from '../../core/diagnostic.js'
import type { Settings } from '../config/merge.js'
import { isDict, type Shape } from '../shape/shape.js'
import type { Entry } from './entries.js'

export type Data = { [key: string]: unknown }

/** What a properties file says about a node. */
export interface NodeProperties {
  readonly entry: Entry
  readonly name: string
  readonly description: string
  readonly columns: readonly Data[]
  readonly config: Settings
  readonly constraints: readonly Data[]
  readonly tests: readonly unknown[]
  readonly access: string | null
  readonly quoteColumns: boolean | null
  /** The whole entry after it was put in order. */
  readonly data: Data
}

/** Properties that became settings: at the top of an entry they still count. */
const MOVED_TO_CONFIG = ['meta', 'docs', 'group', 'contract', 'access'] as const

/**
 * Checks an entry and puts it into today's form: `meta`, `docs`, `group`, `contract` and `access` under `config`,
 * `tests` as `data_tests`.
 * @throws PlumbError in dbt's words, with the place.
 */
export function readNodeProperties(entry: Entry, shape: Shape): NodeProperties {
  const { properties, key, base, data } = entry
  const shown = {
    ...data,
    original_file_path: properties.path,
    yaml_key: key,
    package_name: properties.file.packageName,
  }
  const fault = shape.check(data)
  if (fault !== undefined) throw properties.invalidEntry(key, base, shown, fault)
  for (const attribute of MOVED_TO_CONFIG) moveToConfig(entry, attribute)
  renameTests(entry, shown)
  return {
    entry,
    name: data['name'] as string,
    description: (data['description'] as string | undefined) ?? '',
    columns: (data['columns'] ?? []) as Data[],
    config: (data['config'] ?? {}) as Settings,
    constraints: (data['constraints'] ?? []) as Data[],
    tests: (data['data_tests'] ?? []) as unknown[],
    access: (data['access'] as string | undefined) ?? null,
    quoteColumns: (data['quote_columns'] as boolean | undefined) ?? null,
    data,
  }
}

function moveToConfig({ properties, base, data }: Entry, attribute: string): void {
  if (!(attribute in data)) return
  const config = data['config'] as Data | undefined
  if (config !== undefined && attribute in config) {
    throw properties.error(
      'property-twice',
      `In ${properties.path}: found ${attribute} dictionary in 'config' dictionary and as top-level key.\n` +
        "                    Remove the top-level key and define it under 'config' dictionary only.",
      [...base, attribute],
    )
  }
  data['config'] = { ...config, [attribute]: data[attribute] }
  delete data[attribute]
}

/** `tests:` is the old name of `data_tests:`, on nodes, columns and versions. */
function renameTests({ properties, key, base, data }: Entry, shown: unknown): void {
  const rename = (holder: unknown): void => {
    if (!isDict(holder) || !hasItems(holder['tests'])) return
    if ('data_tests' in holder) {
      const message = "Invalid test config: cannot have both 'tests' and 'data_tests' defined"
      throw properties.invalidEntry(key, base, shown, { message, path: [] })
    }
    ;(holder as Data)['data_tests'] = holder['tests']
    delete (holder as Data)['tests']
  }
  rename(data)
  for (const column of listOf(data['columns'])) rename(column)
  for (const version of listOf(data['versions'])) {
    rename(version)
    if (isDict(version)) for (const column of listOf(version['columns'])) rename(column)
  }
}

function hasItems(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Adds the place of an entry to an error that has none. */
export function inEntry(error: unknown, entry: Entry): unknown {
  if (!(error instanceof PlumbError) || error.diagnostics.every((d) => d.at !== undefined)) return error
  return error.with({ at: entry.properties.at([...entry.base, 'name']) })
}
