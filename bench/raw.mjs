// Sends statements, one after another, through the DuckDB binding: what a build costs without a tool around it.
import { readFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'

const [list, path] = process.argv.slice(2)
const instance = await DuckDBInstance.create(path)
const connection = await instance.connect()
let failed = 0
for (const sql of JSON.parse(readFileSync(list, 'utf8'))) {
  try {
    const reader = await connection.runAndReadAll(sql)
    reader.getColumnsJS()
  } catch (error) {
    // Statements of parallel transactions cannot all be replayed in a row; a handful may refuse.
    if (++failed <= 3) console.error(String(error).slice(0, 200))
  }
}
console.log(`${failed} refused`)
connection.closeSync()
instance.closeSync()
