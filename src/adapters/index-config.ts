import { randomUUID } from 'node:crypto'
import { md5 } from '../core/checksum.js'
import { fail } from '../core/diagnostic.js'
import { argument, type TemplateRelation } from './template-arguments.js'

/** What `adapter.parse_index` answers: an entry of a model's `indexes:`, with `render` for its name. */
export interface IndexConfig {
  readonly columns: readonly string[]
  readonly unique: boolean
  readonly type?: string | null
  /** `index_config.render(relation)`: a name that is new with every run. */
  readonly render: (args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>) => string
}

/**
 * Reads one entry of `indexes:`; null stays null.
 * @throws PlumbError `index-config` for what is no such entry.
 */
export function indexConfig(raw: unknown, keys: readonly string[]): IndexConfig | null {
  if (raw === null || raw === undefined) return null
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    fail(
      'compilation',
      'index-config',
      `Invalid index config:\n  Got: ${String(raw)}\n  Expected a dictionary with at minimum a "columns" key`,
    )
  }
  const given = raw instanceof Map ? Object.fromEntries(raw) : (raw as Record<string, unknown>)
  const columns: unknown = given['columns']
  const unknownKey = Object.keys(given).find((key) => !keys.includes(key))
  if (columns === undefined) {
    fail('compilation', 'index-config', "Could not parse index config: 'columns' is a required property")
  }
  if (!Array.isArray(columns) || !columns.every((column) => typeof column === 'string')) {
    const found = `at path ['columns']: '${String(columns)}' is not of type 'array'`
    fail('compilation', 'index-config', `Could not parse index config: ${found}`, { hint: 'write a list of names' })
  }
  const flag: unknown = given['unique']
  if (flag !== undefined && flag !== null && typeof flag !== 'boolean') {
    const found = `at path ['unique']: '${String(flag)}' is not of type 'boolean'`
    fail('compilation', 'index-config', `Could not parse index config: ${found}`)
  }
  if (unknownKey !== undefined) {
    fail(
      'compilation',
      'index-config',
      `Could not parse index config: '${unknownKey}' is not one of ${keys.join(', ')}`,
    )
  }
  const unique = given['unique'] === true
  const type = given['type'] === undefined || given['type'] === null ? null : String(given['type'])
  return {
    columns,
    unique,
    ...(keys.includes('type') ? { type } : {}),
    render: (args, kwargs) => {
      const relation = argument(args, kwargs, 0, 'relation') as TemplateRelation
      // The name is new each time because the old table, and its index, is still there while the new one is built.
      const parts = [...columns, relation.database, relation.schema, relation.identifier, unique, type, randomUUID()]
      return md5(parts.join('_'))
    },
  }
}
