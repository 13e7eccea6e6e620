import { join } from 'node:path'
import {
  type DuckDBAppender,
  DuckDBDateValue,
  DuckDBInstance,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
} from '@duckdb/node-api'
import { type AnswerColumn, type AnswerVector, decimalAt, textAt } from '../../../query/index.js'
import { plainText } from './cell-text.js'

/** Writes the rows of an answer to a Parquet file, by way of a database in `folder`. */
export async function writeParquetFile(
  folder: string,
  path: string,
  columns: readonly AnswerColumn[],
  batches: AsyncIterable<{ readonly rowCount: number; readonly columns: readonly AnswerVector[] }>,
): Promise<void> {
  const instance = await DuckDBInstance.create(join(folder, 'rows.duckdb'), { threads: '1' })
  const connection = await instance.connect()
  let appender: DuckDBAppender | undefined
  const begin = async (first: readonly (AnswerVector | undefined)[]): Promise<DuckDBAppender> => {
    const list = columns.map(({ name, type }, at) => `${identifier(name)} ${columnType(type, first[at])}`)
    await connection.run(`create table answer (${list.join(', ')})`)
    return connection.createAppender('answer')
  }
  try {
    for await (const { rowCount, columns: vectors } of batches) {
      appender ??= await begin(vectors)
      for (let row = 0; row < rowCount; row++) {
        for (const vector of vectors) appendValue(appender, vector, row)
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

function appendValue(appender: DuckDBAppender, vector: AnswerVector, row: number): void {
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
  APPENDERS[vector.kind](appender, vector as never, row)
}

type TypedVector = Exclude<AnswerVector, { readonly kind: 'cells' }>

const APPENDERS: {
  readonly [K in TypedVector['kind']]: (
    appender: DuckDBAppender,
    vector: Extract<TypedVector, { readonly kind: K }>,
    row: number,
  ) => void
} = {
  boolean: (appender, { values }, row) => appender.appendBoolean(values[row] === 1),
  int32: (appender, { values }, row) => appender.appendInteger(values[row]!),
  int64: (appender, { values }, row) => appender.appendBigInt(values[row]!),
  float64: (appender, { values }, row) => appender.appendDouble(values[row]!),
  date: (appender, { values }, row) => appender.appendDate(new DuckDBDateValue(values[row]!)),
  decimal: (appender, vector, row) => appender.appendVarchar(decimalAt(vector, row)),
  text: (appender, vector, row) => appender.appendVarchar(textAt(vector, row)),
  timestamp(appender, { values, zone }, row) {
    if (zone) appender.appendTimestampTZ(new DuckDBTimestampTZValue(values[row]!))
    else appender.appendTimestamp(new DuckDBTimestampValue(values[row]!))
  },
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
