import { argument } from '../template-arguments.js'

/** A table of a template, as far as it is needed here. */
interface TableValue {
  readonly columnNames: readonly string[]
  readonly rows: Iterable<{ readonly values: readonly unknown[] }>
}

interface Index {
  readonly name: string | null
  readonly columns: readonly string[]
  readonly unique: boolean
  readonly method: string
}

/** One index to drop or create; field names are those the macros read. */
export interface IndexChange {
  readonly action: 'drop' | 'create'
  readonly context: {
    readonly name: string | null
    readonly as_node_config: { readonly columns: string[]; readonly unique: boolean; readonly type: string }
  }
  readonly requires_full_refresh: false
}

/**
 * `relation.get_materialized_view_config_change_collection(results, config)`: which indexes a materialized view has but
 * should not, and should have but has not; null when there is nothing to do. Drops come before creates.
 */
export function materializedViewChanges(
  _relation: unknown,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
): {
  readonly indexes: readonly IndexChange[]
  readonly requires_full_refresh: false
  readonly has_changes: true
} | null {
  const results = argument(args, kwargs, 0, 'relation_results')
  const model = argument(args, kwargs, 1, 'relation_config')
  const existing = new Map(readExisting(entry(results, 'indexes')).map((index) => [keyOf(index), index]))
  const wanted = new Map(readWanted(entry(entry(model, 'config'), 'indexes')).map((index) => [keyOf(index), index]))
  const indexes = [
    ...[...existing].filter(([key]) => !wanted.has(key)).map(([, index]) => change('drop', index)),
    ...[...wanted].filter(([key]) => !existing.has(key)).map(([, index]) => change('create', index)),
  ]
  return indexes.length === 0 ? null : { indexes, requires_full_refresh: false, has_changes: true }
}

function change(action: 'drop' | 'create', { name, columns, unique, method }: Index): IndexChange {
  return {
    action,
    context: { name, as_node_config: { columns: [...columns], unique, type: method } },
    requires_full_refresh: false,
  }
}

/** Indexes are the same when columns (in any order), uniqueness and method are. */
function keyOf({ columns, unique, method }: Index): string {
  return JSON.stringify([columns.toSorted(), unique, method])
}

function readExisting(table: unknown): Index[] {
  const { columnNames, rows } = table as TableValue
  const position = (name: string): number => columnNames.findIndex((column) => column.toLowerCase() === name)
  const [name, columns, unique, method] = ['name', 'column_names', 'unique', 'method'].map(position)
  return [...rows].map(({ values }) => ({
    name: String(values[name!]),
    columns: String(values[columns!])
      .split(',')
      .map((column) => column.toLowerCase()),
    unique: values[unique!] === true,
    method: String(values[method!] ?? 'btree'),
  }))
}

function readWanted(list: unknown): Index[] {
  if (!Array.isArray(list)) return []
  return list.map((raw: unknown) => ({
    name: null,
    columns: (entry(raw, 'columns') as readonly unknown[]).map((column) => String(column).toLowerCase()),
    unique: entry(raw, 'unique') === true,
    method: String(entry(raw, 'type') ?? 'btree'),
  }))
}

function entry(dict: unknown, key: string): unknown {
  if (dict instanceof Map) return dict.get(key)
  return typeof dict === 'object' && dict !== null ? (dict as Record<string, unknown>)[key] : undefined
}
