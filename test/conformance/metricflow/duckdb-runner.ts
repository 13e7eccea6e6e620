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

/** A DuckDB file `mf.duckdb` in `directory` with the suite's tables. @returns a profile's output for it */
export async function writeSuiteDuckdb(folder: string, directory: string): Promise<Readonly<Record<string, unknown>>> {
  const path = `${directory}/mf.duckdb`
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  const script = readFileSync(`${folder}/load.sql`, 'utf8').replaceAll("FROM 'data/", `FROM '${folder}/data/`)
  await connection.run(script)
  connection.closeSync()
  instance.closeSync()
  return { type: 'duckdb', path, schema: 'main', threads: 1 }
}

/** DuckDB's JSON form gives decimals and 64-bit integers as text. */
function toPlain(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value) ? Number(value) : value
}
