import { PlumbError } from '../../core/diagnostic.js'
import type { CatalogRow, Cell, Connection, Introspector, QueryResult } from '../adapter.js'
import type { ColumnDescription } from '../column.js'
import { plainColumn } from '../column-types.js'
import type { RelationInfo, RelationType } from '../relation.js'
import { renderName, stringLiteral } from './dialect.js'
import { flattenStruct } from './struct-columns.js'

type SchemaName = { readonly database: string | null; readonly schema: string }

/** Questions to DuckDB's catalogue: its `duckdb_*` functions, which know attached databases too. */
export const duckdbIntrospector: Introspector = {
  async listSchemas(connection, database) {
    const where = database === null ? '' : ` where lower(database_name) = lower(${stringLiteral(database)})`
    const result = await ask(connection, `select distinct schema_name from duckdb_schemas()${where}`)
    return texts(result, 0)
  },

  async listRelations(connection, database, schema) {
    return duckdbIntrospector.listRelationsOf(connection, [{ database, schema }])
  },

  async listRelationsOf(connection, schemas) {
    if (schemas.length === 0) return []
    const where = inSchemas(schemas)
    const result = await ask(
      connection,
      `select database_name, schema_name, table_name, 'table' from duckdb_tables() where ${where}
       union all
       select database_name, schema_name, view_name, 'view' from duckdb_views() where ${where}`,
    )
    return rowsOf(
      result,
      ([database, schema, identifier, type]): RelationInfo => ({
        database: String(database),
        schema: String(schema),
        identifier: String(identifier),
        type: type as RelationType,
      }),
    )
  },

  async getColumns(connection, relation) {
    try {
      return await describe(connection, renderName(relation))
    } catch (error) {
      // As dbt-duckdb: a relation that is not there has no columns.
      if (error instanceof PlumbError && /does not exist/i.test(error.message)) return []
      throw error
    }
  },

  async getCatalog(connection, schemas) {
    if (schemas.length === 0) return []
    const where = inSchemas(schemas)
    const result = await ask(
      connection,
      `with relations as (
         select database_name, schema_name, table_name, 'BASE TABLE' as kind, comment from duckdb_tables() where ${where}
         union all
         select database_name, schema_name, view_name, 'VIEW', comment from duckdb_views() where ${where}
       )
       select r.database_name, r.schema_name, r.table_name, r.kind, r.comment,
              c.column_name, c.column_index, c.data_type, c.comment
       from relations r
       join duckdb_columns() c using (database_name, schema_name, table_name)
       order by r.schema_name, r.table_name, c.column_index`,
    )
    return rowsOf(result, catalogRow)
  },

  /** Structs are given field by field, `address.street`, as dbt-duckdb does for contracts. */
  async describeQuery(connection, sql) {
    const columns = await describe(connection, `(${sql})`)
    return columns.flatMap(flattenStruct)
  },
}

async function describe(connection: Connection, what: string): Promise<ColumnDescription[]> {
  const result = await ask(connection, `describe ${what}`)
  return rowsOf(result, ([name, type]) => plainColumn(String(name), String(type)))
}

function ask(connection: Connection, sql: string): Promise<QueryResult> {
  return connection.execute(sql, { fetch: true })
}

function inSchemas(schemas: readonly SchemaName[]): string {
  const each = schemas.map(({ database, schema }) => {
    const sameSchema = `lower(schema_name) = lower(${stringLiteral(schema)})`
    return database === null
      ? sameSchema
      : `(lower(database_name) = lower(${stringLiteral(database)}) and ${sameSchema})`
  })
  return `(${each.join(' or ')}) and not internal`
}

function texts(result: QueryResult, column: number): string[] {
  return (result.data[column] ?? []).map(String)
}

function rowsOf<T>(result: QueryResult, make: (row: Cell[]) => T): T[] {
  return Array.from({ length: result.rowCount }, (_, row) => make(result.data.map((column) => column[row] ?? null)))
}

function catalogRow(row: Cell[]): CatalogRow {
  const text = (index: number): string | null =>
    row[index] === null || row[index] === undefined ? null : String(row[index])
  return {
    table_database: text(0),
    table_schema: String(row[1]),
    table_name: String(row[2]),
    table_type: String(row[3]),
    table_comment: text(4),
    table_owner: null,
    column_name: String(row[5]),
    column_index: Number(row[6]),
    column_type: String(row[7]),
    column_comment: text(8),
  }
}
