import type { SchemaColumn, SchemaTable } from '../statement-lineage.js'

/** The tables a statement may read, found by however much of their name is written. */
export interface TableSchema {
  find(name: readonly string[]): SchemaTable | undefined
  /** By the caller's key. */
  byKey(key: string): SchemaTable | undefined
  add(table: SchemaTable): void
}

export function createTableSchema(tables: Iterable<SchemaTable>): TableSchema {
  const byName = new Map<string, SchemaTable>()
  const keys = new Map<string, SchemaTable>()
  const add = (table: SchemaTable): void => {
    keys.set(table.key, table)
    const parts = table.name.map((part) => part.toLowerCase())
    // The whole name wins over the end of another one.
    byName.set(parts.join('\u0000'), table)
    for (let from = 1; from < parts.length; from++) {
      const key = `\u0000${parts.slice(from).join('\u0000')}`
      if (!byName.has(key) || byName.get(key)!.key === table.key) byName.set(key, table)
    }
  }
  for (const table of tables) add(table)
  return {
    add,
    byKey: (key) => keys.get(key),
    find(name) {
      const key = name.map((part) => part.toLowerCase()).join('\u0000')
      return byName.get(key) ?? byName.get(`\u0000${key}`)
    },
  }
}

export function spelled(columns: readonly SchemaColumn[] | null, name: string): string {
  const wanted = name.toLowerCase()
  return columns?.find((column) => column.name.toLowerCase() === wanted)?.name ?? name
}
