import { readFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'
import type { SuiteDatabase } from './suite.js'

/** A DuckDB in memory, under the catalog name the manifests use, with the suite's tables. */
export async function openSuiteDuckdb(folder: string): Promise<SuiteDatabase> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run("ATTACH ':memory:' AS mf")
  await connection.run('USE mf')
  await connection.run("SET TimeZone='UTC'")
  const script = readFileSync(`${folder}/load.sql`, 'utf8').replaceAll("FROM 'data/", `FROM '${folder}/data/`)
  await connection.run(script)
  return {
    ask: async (sql) => {
      const reader = await connection.runAndReadAll(sql)
      return { columns: reader.columnNames(), rows: reader.getRowsJson().map((row) => row.map(toPlain)) }
    },
    stop: async () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** DuckDB's JSON form gives decimals and 64-bit integers as text. */
function toPlain(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value) ? Number(value) : value
}
