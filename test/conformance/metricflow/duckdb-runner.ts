import { readFileSync } from 'node:fs'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { Answer } from './compare-rows.js'

/** A DuckDB in memory, under the catalog name the manifests use, with the suite's tables. */
export async function openSuiteDatabase(folder: string): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run("ATTACH ':memory:' AS mf")
  await connection.run('USE mf')
  await connection.run("SET TimeZone='UTC'")
  const script = readFileSync(`${folder}/load.sql`, 'utf8').replaceAll("FROM 'data/", `FROM '${folder}/data/`)
  await connection.run(script)
  return connection
}

export async function ask(connection: DuckDBConnection, sql: string): Promise<Answer> {
  const reader = await connection.runAndReadAll(sql)
  return { columns: reader.columnNames(), rows: reader.getRowsJson().map((row) => row.map(toPlain)) }
}

/** DuckDB's JSON form gives decimals and 64-bit integers as text. */
function toPlain(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value) ? Number(value) : value
}
