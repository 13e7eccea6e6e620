import { type DuckDBConnection, DuckDBDataChunk, VARCHAR } from '@duckdb/node-api'
import type { RelationName } from '../relation.js'
import { quoteIdentifier, renderName } from './dialect.js'

/** DuckDB's vector size: how many rows a chunk holds. */
const CHUNK_ROWS = 2048
/** The appender writes by itself after so many rows; up to here a failed append has written nothing. */
const FLUSH_ROWS = 100 * CHUNK_ROWS

/**
 * Appends rows of text to a table; DuckDB casts each column to its type. Runs in the connection's transaction.
 * @returns the number of rows.
 * @throws the driver's error: for a value that cannot be cast, DuckDB's own message that names it.
 */
export async function loadRows(
  connection: DuckDBConnection,
  relation: RelationName,
  columns: readonly string[],
  rows: readonly (readonly (string | null)[])[],
): Promise<number> {
  if (rows.length === 0) return 0
  if (await hasColumnsInOrder(connection, relation, columns)) {
    try {
      await append(connection, relation, columns.length, rows)
      return rows.length
    } catch (error) {
      if (rows.length > FLUSH_ROWS) throw error
    }
  }
  await insertThroughStage(connection, relation, columns, rows)
  return rows.length
}

async function append(
  connection: DuckDBConnection,
  { database, schema, identifier }: RelationName,
  width: number,
  rows: readonly (readonly (string | null)[])[],
): Promise<void> {
  const appender = await connection.createAppender(identifier ?? '', schema, database)
  try {
    for (const chunk of chunksOf(width, rows)) appender.appendDataChunk(chunk)
    appender.flushSync()
  } catch (error) {
    appender.clear()
    throw error
  } finally {
    appender.closeSync()
  }
}

/** Text first, then one INSERT that casts: slower, but it takes any column order and says which value is wrong. */
async function insertThroughStage(
  connection: DuckDBConnection,
  relation: RelationName,
  columns: readonly string[],
  rows: readonly (readonly (string | null)[])[],
): Promise<void> {
  const stage = `__plumb_rows_${Math.random().toString(36).slice(2)}`
  const names = columns.map(quoteIdentifier).join(', ')
  await connection.run(
    `create temporary table ${stage} (${columns.map((name) => `${quoteIdentifier(name)} varchar`).join(', ')})`,
  )
  const appender = await connection.createAppender(stage, 'main', 'temp')
  for (const chunk of chunksOf(columns.length, rows)) appender.appendDataChunk(chunk)
  appender.flushSync()
  appender.closeSync()
  await connection.run(
    `insert into ${renderName(relation)} (${names}) select ${names} from ${stage}; drop table ${stage}`,
  )
}

async function hasColumnsInOrder(
  connection: DuckDBConnection,
  relation: RelationName,
  columns: readonly string[],
): Promise<boolean> {
  const described = await connection.run(`select column_name from (describe ${renderName(relation)})`)
  const names = (await described.getColumns())[0] ?? []
  return (
    names.length === columns.length &&
    names.every((name, at) => String(name).toLowerCase() === columns[at]!.toLowerCase())
  )
}

function* chunksOf(width: number, rows: readonly (readonly (string | null)[])[]): Generator<DuckDBDataChunk> {
  const types = Array.from({ length: width }, () => VARCHAR)
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    const chunk = DuckDBDataChunk.create(types)
    chunk.setRows(rows.slice(start, start + CHUNK_ROWS))
    yield chunk
  }
}
