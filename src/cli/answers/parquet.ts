import type { QueryResult } from '../../adapters/adapter.js'
import { withScratchDatabase } from '../../scratch-database.js'
import { type ColumnKind, columnKinds } from './column-kind.js'
import { cellText } from './text.js'

/** Writes the answer to a Parquet file, with the types of its columns. Any file of that name is replaced. */
export async function writeParquet(result: QueryResult, path: string): Promise<void> {
  const kinds = columnKinds(result)
  await withScratchDatabase(async (database) => {
    const name = (index: number): string => database.quote(result.columns[index]!.name)
    const columns = kinds.map((kind, index) => `${name(index)} ${duckdbType(kind)}`)
    await database.run(`create table answer (${columns.join(', ')})`)
    const rows = Array.from({ length: result.rowCount }, (_, row) =>
      result.data.map((column) => (column[row] === null ? null : cellText(column[row]!))),
    )
    await database.load(
      'answer',
      result.columns.map((column) => column.name),
      rows,
    )
    await database.run(`copy answer to ${database.literal(path)} (format parquet)`)
  })
}

function duckdbType(column: ColumnKind): string {
  switch (column.kind) {
    case 'integer':
      return 'bigint'
    case 'float':
      return 'double'
    case 'decimal':
      return `decimal(38, ${column.scale})`
    case 'timestamp-zone':
      return 'timestamptz'
    case 'text':
      return 'varchar'
    default:
      return column.kind
  }
}
