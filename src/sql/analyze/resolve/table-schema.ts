import type { SchemaTable } from '../statement-lineage.js'

/** The tables a statement may read, found by however much of their name is written. */
export interface TableSchema {
  find(name: readonly string[]): SchemaTable | undefined
  /** By the caller's key. */
  byKey(key: string): SchemaTable | undefined
  /** A column as its table spells it; as it is written where the table is not known to have it. */
  spelled(key: string, column: string): string
  add(table: SchemaTable): void
}

export function createTableSchema(tables: Iterable<SchemaTable>): TableSchema {
  const byName = new Map<string, SchemaTable>()
  const keys = new Map<string, SchemaTable>()
  const spellings = new Map<string, ReadonlyMap<string, string>>()
  const add = (table: SchemaTable): void => {
    keys.set(table.key, table)
    spellings.delete(table.key)
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
    spelled(key, column) {
      let names = spellings.get(key)
      if (names === undefined) {
        // Of two that differ in case only the first counts.
        const listed = [...(keys.get(key)?.columns ?? [])].reverse()
        spellings.set(key, (names = new Map(listed.map(({ name }) => [name.toLowerCase(), name]))))
      }
      return names.get(column.toLowerCase()) ?? column
    },
    find(name) {
      const key = name.map((part) => part.toLowerCase()).join('\u0000')
      return byName.get(key) ?? byName.get(`\u0000${key}`)
    },
  }
}
