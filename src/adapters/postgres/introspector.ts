import type { CatalogRow, Cell, Connection, Introspector, QueryResult } from '../adapter.js'
import { plainColumn } from '../column-types.js'
import type { RelationInfo, RelationType } from '../relation.js'
import { stringLiteral } from './dialect.js'
import { typeRules } from './types.js'

/** Questions to PostgreSQL's catalogue. A session sees one database, so the database of a question is only echoed. */
export const postgresIntrospector: Introspector = {
  async listSchemas(connection) {
    const result = await ask(connection, 'select nspname from pg_catalog.pg_namespace')
    return (result.data[0] ?? []).map(String)
  },

  async listRelations(connection, database, schema) {
    return postgresIntrospector.listRelationsOf(connection, [{ database, schema }])
  },

  async listRelationsOf(connection, schemas) {
    if (schemas.length === 0) return []
    const databases = new Map(schemas.map(({ database, schema }) => [schema.toLowerCase(), database]))
    const result = await ask(
      connection,
      `select n.nspname, c.relname,
              case c.relkind when 'v' then 'view' when 'm' then 'materialized_view' else 'table' end
       from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p', 'v', 'm') and ${inSchemas(schemas)}
       union all
       select distinct n.nspname, p.proname, 'function'
       from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
       where ${inSchemas(schemas)}`,
    )
    return rowsOf(
      result,
      ([schema, identifier, type]): RelationInfo => ({
        database: databases.get(String(schema).toLowerCase()) ?? null,
        schema: String(schema),
        identifier: String(identifier),
        type: type as RelationType,
      }),
    )
  },

  /** Views and what they read: dropping the one takes the other along. */
  async listDependencies(connection, schemas) {
    if (schemas.length === 0) return []
    const result = await ask(
      connection,
      `select distinct current_database(), dn.nspname, dc.relname, rn.nspname, rc.relname
       from pg_catalog.pg_rewrite w
       join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = w.oid
         and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid <> w.ev_class
       join pg_catalog.pg_class dc on dc.oid = w.ev_class
       join pg_catalog.pg_namespace dn on dn.oid = dc.relnamespace
       join pg_catalog.pg_class rc on rc.oid = d.refobjid
       join pg_catalog.pg_namespace rn on rn.oid = rc.relnamespace
       where lower(rn.nspname) in (${schemas.map((schema) => stringLiteral(schema.toLowerCase())).join(', ')})
       order by 4, 5, 2, 3`,
    )
    return rowsOf(result, ([database, dependentSchema, dependent, schema, referenced]) => ({
      referenced: { database: String(database), schema: String(schema), identifier: String(referenced) },
      dependent: { database: String(database), schema: String(dependentSchema), identifier: String(dependent) },
    }))
  },

  async getColumns(connection, { schema, identifier }) {
    const inSchema = schema === null ? '' : ` and table_schema = ${stringLiteral(schema)}`
    const result = await ask(
      connection,
      `select column_name, data_type, character_maximum_length, numeric_precision, numeric_scale
       from information_schema.columns where table_name = ${stringLiteral(identifier ?? '')}${inSchema}
       order by ordinal_position`,
    )
    return rowsOf(result, ([name, type, size, precision, scale]) => ({
      name: String(name),
      dataType: String(type),
      charSize: numberOrNull(size),
      numericPrecision: numberOrNull(precision),
      numericScale: numberOrNull(scale),
    }))
  },

  async getCatalog(connection, schemas) {
    if (schemas.length === 0) return []
    const result = await ask(
      connection,
      `select current_database(), n.nspname, c.relname,
              case c.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' else 'BASE TABLE' end,
              pg_catalog.obj_description(c.oid, 'pg_class'), pg_catalog.pg_get_userbyid(c.relowner),
              a.attname, a.attnum, pg_catalog.format_type(a.atttypid, a.atttypmod),
              pg_catalog.col_description(c.oid, a.attnum)
       from pg_catalog.pg_namespace n
       join pg_catalog.pg_class c on c.relnamespace = n.oid
       join pg_catalog.pg_attribute a on a.attrelid = c.oid
       where ${inSchemas(schemas)} and c.relpersistence in ('p', 'u') and c.relkind in ('r', 'v', 'f', 'p', 'm')
         and a.attnum > 0 and not a.attisdropped
       order by n.nspname, c.relname, a.attnum`,
    )
    return rowsOf(result, catalogRow)
  },

  /** Runs the query, which the macros make one without rows: the answer's columns are what counts. */
  async describeQuery(connection, sql) {
    const result = await connection.execute(sql, { fetch: true, limit: 0 })
    return result.columns.map(({ name, type }) => plainColumn(name, labels.get(type) ?? type))
  },
}

/** Names that dbt compares contracts by, by PostgreSQL's own. */
const labels: ReadonlyMap<string, string> = new Map(
  [
    16, 17, 18, 19, 20, 21, 23, 25, 26, 114, 700, 701, 705, 1042, 1043, 1082, 1083, 1114, 1184, 1186, 1266, 1700, 2950,
    3802,
  ]
    .concat([
      1000, 1001, 1002, 1003, 1005, 1007, 1009, 1014, 1015, 1016, 1021, 1022, 1115, 1182, 1183, 1185, 1187, 1231,
    ])
    .concat([199, 2951, 3807])
    .map((oid) => [typeRules(oid).name, typeRules(oid).label]),
)

function ask(connection: Connection, sql: string): Promise<QueryResult> {
  return connection.execute(sql, { fetch: true })
}

function inSchemas(schemas: readonly { readonly schema: string }[]): string {
  return `lower(n.nspname) in (${schemas.map(({ schema }) => stringLiteral(schema.toLowerCase())).join(', ')})`
}

function rowsOf<T>(result: QueryResult, make: (row: Cell[]) => T): T[] {
  return Array.from({ length: result.rowCount }, (_, row) => make(result.data.map((column) => column[row] ?? null)))
}

function numberOrNull(cell: Cell | undefined): number | null {
  return cell === null || cell === undefined ? null : Number(cell)
}

function catalogRow(row: Cell[]): CatalogRow {
  const text = (index: number): string | null => (row[index] == null ? null : String(row[index]))
  return {
    table_database: text(0),
    table_schema: String(row[1]),
    table_name: String(row[2]),
    table_type: String(row[3]),
    table_comment: text(4),
    table_owner: text(5),
    column_name: String(row[6]),
    column_index: Number(row[7]),
    column_type: String(row[8]),
    column_comment: text(9),
  }
}
