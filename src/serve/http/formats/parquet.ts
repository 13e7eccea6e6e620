import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as DuckDB from '@duckdb/node-api'
import type { AnswerColumn, AnswerVector } from '../../../query/index.js'
import { plainText } from './cell-text.js'
import type { AnswerFormat } from './format.js'

type Library = typeof DuckDB

/**
 * A Parquet file, with the types of the columns. It is written whole before the first byte leaves: a footer at its end
 * says what is in it. Rows go through a database file of their own, so that memory stays flat.
 */
export const parquet: AnswerFormat = {
  name: 'parquet',
  mediaType: 'application/vnd.apache.parquet',
  extension: 'parquet',
  async *encode({ columns, batches }) {
    const lib = await import('@duckdb/node-api')
    const folder = await mkdtemp(join(tmpdir(), 'plumb-parquet-'))
    try {
      const path = join(folder, 'answer.parquet')
      await writeFile(lib, folder, path, columns, batches)
      yield* createReadStream(path) as AsyncIterable<Uint8Array>
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

async function writeFile(
  lib: Library,
  folder: string,
  path: string,
  columns: readonly AnswerColumn[],
  batches: AsyncIterable<{ readonly rowCount: number; readonly columns: readonly AnswerVector[] }>,
): Promise<void> {
  const instance = await lib.DuckDBInstance.create(join(folder, 'rows.duckdb'), { threads: '1' })
  const connection = await instance.connect()
  let appender: DuckDB.DuckDBAppender | undefined
  const begin = async (first: readonly (AnswerVector | undefined)[]): Promise<DuckDB.DuckDBAppender> => {
    const list = columns.map(({ name, type }, at) => `${identifier(name)} ${columnType(type, first[at])}`)
    await connection.run(`create table answer (${list.join(', ')})`)
    return connection.createAppender('answer')
  }
  try {
    for await (const { rowCount, columns: vectors } of batches) {
      appender ??= await begin(vectors)
      for (let row = 0; row < rowCount; row++) {
        for (const vector of vectors) appendValue(lib, appender, vector, row)
        appender.endRow()
      }
    }
    appender ??= await begin([])
    appender.closeSync()
    await connection.run(`copy answer to '${path.replaceAll("'", "''")}' (format parquet)`)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

function columnType(type: string, vector: AnswerVector | undefined): string {
  switch (vector?.kind) {
    case 'boolean':
      return 'boolean'
    case 'int32':
      return 'integer'
    case 'int64':
      return 'bigint'
    case 'float64':
      return 'double'
    case 'date':
      return 'date'
    case 'timestamp':
      return vector.zone ? 'timestamptz' : 'timestamp'
  }
  return /^DECIMAL\(\d+,\s*\d+\)$/i.test(type) || /^(?:hugeint|date|boolean|bigint|integer|double)$/i.test(type)
    ? type
    : 'varchar'
}

function appendValue(lib: Library, appender: DuckDB.DuckDBAppender, vector: AnswerVector, row: number): void {
  if (vector.kind === 'cells') {
    const text = plainText(vector, row)
    if (text === null) appender.appendNull()
    else appender.appendVarchar(text)
    return
  }
  if (vector.nulls?.[row] === 1) {
    appender.appendNull()
    return
  }
  APPENDERS[vector.kind](lib, appender, vector as never, row)
}

type TypedVector = Exclude<AnswerVector, { readonly kind: 'cells' }>

const APPENDERS: {
  readonly [K in TypedVector['kind']]: (
    lib: Library,
    appender: DuckDB.DuckDBAppender,
    vector: Extract<TypedVector, { readonly kind: K }>,
    row: number,
  ) => void
} = {
  boolean: (_, appender, { values }, row) => appender.appendBoolean(values[row] === 1),
  int32: (_, appender, { values }, row) => appender.appendInteger(values[row]!),
  int64: (_, appender, { values }, row) => appender.appendBigInt(values[row]!),
  float64: (_, appender, { values }, row) => appender.appendDouble(values[row]!),
  date: (lib, appender, { values }, row) => appender.appendDate(new lib.DuckDBDateValue(values[row]!)),
  timestamp(lib, appender, { values, zone }, row) {
    if (zone) appender.appendTimestampTZ(new lib.DuckDBTimestampTZValue(values[row]!))
    else appender.appendTimestamp(new lib.DuckDBTimestampValue(values[row]!))
  },
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
