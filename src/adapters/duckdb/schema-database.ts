import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { Connection, NamedType, QueryResult, SchemaDatabase, SchemaTableToMake, TableInSql } from '../adapter.js'
import { type DuckDBCredentials, databaseOfPath } from './credentials.js'
import { quoteIdentifier, renderName, stringLiteral } from './dialect.js'
import { databaseError } from './errors.js'
import { queryResult } from './results.js'
import { tablesInQuery } from './tables-in-query.js'

/** A DuckDB in memory with the databases, extensions and settings of a target, and no data. */
export async function openSchemaDatabase(credentials: DuckDBCredentials): Promise<SchemaDatabase> {
  const instance = await DuckDBInstance.create(':memory:', { errors_as_json: 'true', threads: '1' })
  const connection = await instance.connect()
  const database = new SchemaOnly(instance, connection)
  await database.prepare(credentials)
  return database
}

class SchemaOnly implements SchemaDatabase {
  readonly #instance: DuckDBInstance
  readonly #connection: DuckDBConnection
  readonly #databases = new Set(['memory'])
  readonly #schemas = new Set<string>()

  constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance
    this.#connection = connection
  }

  async prepare(credentials: DuckDBCredentials): Promise<void> {
    // Statements are bound, never run: to plan them well would cost more than to bind them.
    await this.#attempt('pragma disable_optimizer')
    for (const extension of credentials.extensions ?? [])
      await this.#attempt(`load ${typeof extension === 'string' ? extension : extension.name}`)
    for (const [key, value] of Object.entries(credentials.settings))
      await this.#attempt(`set ${key} = ${stringLiteral(String(value))}`)
    await this.#makeSchema(databaseOfPath(credentials.path), credentials.schema)
    await this.#attempt(
      `use ${quoteIdentifier(databaseOfPath(credentials.path))}.${quoteIdentifier(credentials.schema)}`,
    )
  }

  async createTables(tables: readonly SchemaTableToMake[]): Promise<readonly SchemaTableToMake[]> {
    for (const { relation } of tables) await this.#makeSchema(relation.database, relation.schema)
    if (tables.length === 0 || (await this.#attempt(tables.map(createStatement).join(';')))) return []
    const failed: SchemaTableToMake[] = []
    for (const table of tables) if (!(await this.#attempt(createStatement(table)))) failed.push(table)
    return failed
  }

  /** A prepared statement knows its columns without running. */
  async bind(sql: string): Promise<NamedType[]> {
    let prepared: Awaited<ReturnType<DuckDBConnection['prepare']>>
    try {
      prepared = await this.#connection.prepare(sql)
    } catch (error) {
      throw databaseError(error, sql)
    }
    try {
      // Places that values are given for have no type.
      if (prepared.parameterCount > 0) return []
      return Array.from({ length: prepared.columnCount }, (_, i) => ({
        name: prepared.columnName(i),
        type: prepared.columnType(i).toString(),
      }))
    } finally {
      prepared.destroySync()
    }
  }

  async typeName(type: string): Promise<string | undefined> {
    try {
      return (await this.bind(`select cast(null as ${type})`))[0]?.type
    } catch {
      return undefined
    }
  }

  async tablesIn(sql: string): Promise<TableInSql[] | undefined> {
    try {
      const reader = await this.#connection.runAndReadAll(`select json_serialize_sql(${stringLiteral(sql)})`)
      const found = tablesInQuery(JSON.parse(String(reader.getRows()[0]?.[0])))
      // Places are counted in bytes.
      return /^[\x00-\x7f]*$/.test(sql) ? found : found?.map(({ parts, at }) => ({ parts, at: charactersOf(sql, at) }))
    } catch {
      return undefined
    }
  }

  async ask(sql: string): Promise<QueryResult> {
    try {
      return queryResult(await this.#connection.run(sql), undefined)
    } catch (error) {
      throw databaseError(error, sql)
    }
  }

  async copyFunctions(live: Connection): Promise<void> {
    const { data, rowCount } = await live.execute(
      `select database_name, schema_name, function_name, function_type, macro_definition, array_to_string(parameters, ', ')
       from duckdb_functions() where not internal and macro_definition is not null`,
      { fetch: true },
    )
    for (let row = 0; row < rowCount; row++) {
      const [database, schema, name, type, body, parameters] = data.map((column) => String(column[row] ?? ''))
      await this.#makeSchema(database!, schema!)
      const kind = type === 'table_macro' ? 'as table ' : 'as '
      await this.#attempt(
        `create or replace macro ${renderName({ database: database!, schema: schema!, identifier: name! })}(${parameters}) ${kind}${body}`,
      )
    }
  }

  close(): void {
    this.#connection.closeSync()
    this.#instance.closeSync()
  }

  async #makeSchema(database: string | null, schema: string | null): Promise<void> {
    if (database !== null && !this.#databases.has(database)) {
      await this.#run(`attach ':memory:' as ${quoteIdentifier(database)}`)
      this.#databases.add(database)
    }
    if (schema === null) return
    const name = [database, schema].flatMap((part) => (part === null ? [] : [quoteIdentifier(part)])).join('.')
    if (this.#schemas.has(name)) return
    await this.#run(`create schema if not exists ${name}`)
    this.#schemas.add(name)
  }

  async #run(sql: string): Promise<void> {
    try {
      await this.#connection.run(sql)
    } catch (error) {
      throw databaseError(error, sql)
    }
  }

  /** What a target asks for and memory cannot have is no reason not to check: the statement that needs it will say so. */
  async #attempt(sql: string): Promise<boolean> {
    try {
      await this.#connection.run(sql)
      return true
    } catch {
      return false
    }
  }
}

function charactersOf(sql: string, bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : Buffer.from(sql, 'utf8').subarray(0, bytes).toString('utf8').length
}

function createStatement({ relation, columns }: SchemaTableToMake): string {
  const named = distinctNames(columns)
  const name = renderName(relation)
  // Only a view's column can be NULL of no type, which goes with everything.
  if (named.some(({ type }) => type === null)) {
    const items = named.map(({ name: column, type }) => {
      const value = type === null ? 'null' : `cast(null as ${type})`
      return `${value} as ${quoteIdentifier(column)}`
    })
    return `create or replace view ${name} as select ${items.join(', ')}`
  }
  const list = named.map(({ name: column, type }) => `${quoteIdentifier(column)} ${type}`)
  return `create or replace table ${name} (${list.join(', ')})`
}

/** Columns as `create table as` would name them: a name that was there gets a number. */
function distinctNames(columns: SchemaTableToMake['columns']): SchemaTableToMake['columns'] {
  const taken = new Set<string>()
  return columns.map(({ name, type }) => {
    let free = name
    for (let n = 1; taken.has(free.toLowerCase()); n++) free = `${name}_${n}`
    taken.add(free.toLowerCase())
    return { name: free, type: type === '"NULL"' ? 'INTEGER' : type }
  })
}
