import type { ServedRelations, ServedTable } from '../relations/served.js'
import { ddlName, type PgType } from '../values/pg-types.js'

export interface DescribedColumn {
  readonly name: string
  readonly type: PgType
  readonly description: string | undefined
}

export interface DescribedTable {
  readonly table: ServedTable
  readonly columns: readonly DescribedColumn[]
  /** Columns that together name a row, where the project tests that they do. */
  readonly key: readonly string[]
}

/** The statements that make the served relations as empty tables and views. */
export function definitionSql(database: string, tables: readonly DescribedTable[]): string {
  const schemas = [...new Set(tables.map(({ table }) => table.schema))]
  return [
    'SET allow_system_table_mods = on',
    `UPDATE pg_database SET datname = ${text(database)} WHERE oid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    'SET allow_system_table_mods = off',
    ...schemas.map((schema) => `CREATE SCHEMA IF NOT EXISTS ${name(schema)}`),
    ...tables.flatMap(tableSql),
    ...schemas.map((schema) => `GRANT USAGE ON SCHEMA ${name(schema)} TO PUBLIC`),
    ...schemas.map((schema) => `GRANT SELECT ON ALL TABLES IN SCHEMA ${name(schema)} TO PUBLIC`),
  ].join(';\n')
}

function tableSql({ table, columns, key }: DescribedTable): string[] {
  const full = `${name(table.schema)}.${name(table.name)}`
  const isView = table.kind === 'model' && table.isView
  const made = isView
    ? `CREATE VIEW ${full} AS SELECT ${columns.map(({ name: column, type }) => `NULL::${ddlName(type)} AS ${name(column)}`).join(', ') || 'NULL'}`
    : `CREATE TABLE ${full} (${[
        ...columns.map(({ name: column, type }) => `${name(column)} ${ddlName(type)}`),
        ...(key.length > 0 ? [`PRIMARY KEY (${key.map(name).join(', ')})`] : []),
      ].join(', ')})`
  const comments = columns.flatMap(({ name: column, description }) =>
    description === undefined ? [] : [`COMMENT ON COLUMN ${full}.${name(column)} IS ${text(description)}`],
  )
  const comment =
    table.description === undefined
      ? []
      : [`COMMENT ON ${isView ? 'VIEW' : 'TABLE'} ${full} IS ${text(table.description)}`]
  return [made, ...comment, ...comments]
}

/** The statements that take away again what one caller may not see. */
export function hidingSql(all: ServedRelations, seen: ServedRelations): string[] {
  const visible = new Map(seen.tables.map((table) => [`${table.schema}.${table.name}`, table]))
  return all.tables.flatMap((table) => {
    const own = visible.get(`${table.schema}.${table.name}`)
    const full = `${name(table.schema)}.${name(table.name)}`
    if (own === undefined) return [`DROP ${table.kind === 'model' && table.isView ? 'VIEW' : 'TABLE'} ${full} CASCADE`]
    if (table.kind !== 'metrics' || own.kind !== 'metrics') return []
    const names = new Set(own.columns.filter((column) => column.listed).map((column) => column.name))
    return table.columns
      .filter((column) => column.listed && !names.has(column.name))
      .map((column) => `ALTER TABLE ${full} DROP COLUMN ${name(column.name)}`)
  })
}

export function name(identifier: string): string {
  return `"${identifier.replaceAll('"', '""').replaceAll('\0', '')}"`
}

export function text(value: string): string {
  return `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\0', '')}'`
}
