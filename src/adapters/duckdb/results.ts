import type { DuckDBMaterializedResult } from '@duckdb/node-api'
import type { AdapterResponse, Cell, QueryResult, ResultColumn } from '../adapter.js'
import { familyOf, readerOf } from './types.js'

/** dbt-duckdb answers this to every statement. */
const OK: AdapterResponse = { _message: 'OK' }

/** The answer to a statement whose rows nobody asked for. */
export const noRows: QueryResult = { response: OK, columns: [], data: [], rowCount: 0 }

/** Rows that a statement has written. A table made of a query says so in a row of its own, not in `rowsChanged`. */
export function rowsWritten(result: DuckDBMaterializedResult): number {
  const changed = result.rowsChanged
  if (changed > 0 || result.rowCount !== 1 || result.columnName(0) !== 'Count') return changed
  return Number(result.getChunk(0).getColumnVector(0).getItem(0))
}

/** A driver's result by column, at most `limit` rows of it. */
export function queryResult(result: DuckDBMaterializedResult, limit: number | undefined): QueryResult {
  const types = result.columnTypes()
  const names = result.columnNames()
  const columns: ResultColumn[] = types.map((type, index) => ({
    name: names[index]!,
    type: type.toString(),
    family: familyOf(type),
  }))
  const readers = types.map(readerOf)
  const data: Cell[][] = types.map(() => [])
  let left = limit ?? Number.POSITIVE_INFINITY
  for (let number = 0; number < result.chunkCount && left > 0; number++) {
    const chunk = result.getChunk(number)
    const count = Math.min(chunk.rowCount, left)
    left -= count
    for (let column = 0; column < readers.length; column++) {
      readers[column]!(chunk.getColumnVector(column), count, data[column]!)
    }
  }
  return { response: OK, columns, data, rowCount: data[0]?.length ?? 0 }
}
