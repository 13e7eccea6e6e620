import { readFileSync } from 'node:fs'
import { fail } from '../../core/diagnostic.js'
import { spanOfLine } from '../../core/source-span.js'
import { AgateTable, type Value } from '../../jinja/index.js'
import { agateTypeOf } from '../agate-types.js'
import { inferType, readCell, type SeedColumnType } from './column-types.js'
import { type CsvRecord, parseCsv } from './parse-csv.js'

export interface SeedFileOptions {
  /** Path for messages. */
  readonly file: string
  readonly delimiter: string
  /** Columns whose type the project names: their cells stay text. */
  readonly textColumns: ReadonlySet<string>
}

/**
 * A seed's CSV file as a table: the first record names the columns, types are those all cells fit.
 * @throws PlumbError for a delimiter that is not one character, a file without a header, and for a record with more cells than there are columns.
 */
export function readSeedTable(path: string, options: SeedFileOptions): AgateTable {
  if ([...options.delimiter].length !== 1) {
    fail('compilation', 'seed-delimiter', '"delimiter" must be a 1-character string', {
      hint: `the seed's config has delimiter: ${JSON.stringify(options.delimiter)}`,
    })
  }
  const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '')
  const [header, ...records] = parseCsv(text, options.delimiter)
  if (header === undefined) {
    fail(
      'compilation',
      'seed-empty',
      'The seed file is empty: it needs at least a line with the names of its columns',
      {
        at: spanOfLine(options.file, text, 1),
      },
    )
  }
  const names = columnNames(header.cells)
  checkWidths(records, names.length, text, options.file)
  const types: SeedColumnType[] = []
  const columns: Value[][] = []
  for (const [i, name] of names.entries()) {
    const forced = options.textColumns.has(name)
    const type = forced ? 'text' : inferType(records.flatMap(({ cells }) => cells[i] ?? []))
    types.push(type)
    columns.push(records.map(({ cells }) => (cells[i] === undefined ? null : readCell(type, cells[i]))))
  }
  return AgateTable.fromColumns(names, columns, types.map(agateTypeOf))
}

/** Names as agate gives them: `a`, `b` ... for empty ones, `name_2` for one that was there. */
function columnNames(cells: readonly string[]): string[] {
  const names: string[] = []
  const taken = new Set<string>()
  for (const [i, cell] of cells.entries()) {
    const wanted = cell === '' ? letterName(i) : cell
    let name = wanted
    for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`
    taken.add(name)
    names.push(name)
  }
  return names
}

/** a ... z, aa, bb ... as agate counts. */
function letterName(index: number): string {
  return String.fromCharCode(97 + (index % 26)).repeat(Math.floor(index / 26) + 1)
}

function checkWidths(records: readonly CsvRecord[], width: number, text: string, file: string): void {
  for (const [i, { cells, line }] of records.entries()) {
    if (cells.length <= width) continue
    fail(
      'compilation',
      'seed-row-too-long',
      `Row ${i} has ${cells.length} values, but Table only has ${width} columns.`,
      { at: spanOfLine(file, text, line), hint: 'a value that holds the delimiter must stand in double quotes' },
    )
  }
}
