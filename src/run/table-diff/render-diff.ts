import { alignRows, type DiffCell, type DiffRow, type RowPair } from './align-rows.js'

export interface DiffTable {
  readonly columns: readonly string[]
  readonly rows: readonly DiffRow[]
}

/** Above this width columns are not lined up. */
const MAX_ALIGNED_WIDTH = 130

/**
 * What differs between two tables of the same columns, as dbt shows it for unit tests; null when nothing does:
 *
 * ```
 * @@ ,id,status
 * → ,1 ,paid→open
 * +++,3 ,new
 * ```
 *
 * `+++` marks rows that only the actual table has, `---` those that only the expected one has. Of rows and columns
 * without differences only those next to one are shown.
 */
export function renderTableDiff(expected: DiffTable, actual: DiffTable): string | null {
  const { pairs, keyColumns } = alignRows(expected.rows, actual.rows, actual.columns.length)
  const separator = separatorFor(expected, actual)
  const lines = pairs.map((pair) => diffLine(pair, expected, actual, separator))
  if (lines.every((line) => line.mark === '')) return null
  const activeColumns = actual.columns.map(
    (_, column) => keyColumns.has(column) || lines.some((line) => line.changed.has(column)),
  )
  const shownColumns = withContext(activeColumns)
  const shownRows = withContext(lines.map((line) => line.mark !== ''))
  const grid: string[][] = [cutColumns(['@@', ...actual.columns.map((name) => quoteCsv(name))], shownColumns)]
  let inGap = false
  lines.forEach((line, row) => {
    const shown = shownRows[row]
    if (shown === 'show') {
      const cells = line.cells.map((cell) => showCell(cell, line, separator))
      grid.push(cutColumns([arrow(line.mark, separator), ...cells], shownColumns))
      inGap = false
    } else if (shown === 'gap' && !inGap) {
      grid.push(grid[0]!.map(() => '...'))
      inGap = true
    }
  })
  return layOut(grid)
}

interface DiffLine {
  /** `+++`, `---`, the separator for a changed row, or nothing. */
  readonly mark: string
  readonly cells: readonly DiffCell[]
  readonly changed: ReadonlySet<number>
}

function diffLine({ left, right }: RowPair, expected: DiffTable, actual: DiffTable, separator: string): DiffLine {
  if (left === -1) {
    const cells = actual.rows[right]!
    return { mark: '+++', cells, changed: new Set(cells.keys()) }
  }
  const before = expected.rows[left]!
  if (right === -1) return { mark: '---', cells: before, changed: new Set() }
  const after = actual.rows[right]!
  const changed = new Set<number>()
  const cells = before.map((cell, column) => {
    const other = after[column] ?? null
    if (cell === other) return cell
    changed.add(column)
    return `${quoteNull(cell)}${separator}${quoteNull(other)}`
  })
  return { mark: changed.size > 0 ? separator : '', cells, changed }
}

/** SQL's null among texts; a text that reads the same gets an underscore. */
function quoteNull(cell: DiffCell): string {
  if (cell === null) return 'NULL'
  return /^_*NULL$/.test(cell) ? `_${cell}` : cell
}

/** A cell, quoted as CSV. Whole rows that came or went print null in lower case and do not quote blanks: so dbt does. */
function showCell(cell: DiffCell, line: DiffLine, separator: string): string {
  if (line.mark !== '' && line.mark !== separator) return cell === null ? 'null' : quoteCsv(cell, false)
  return cell === null ? 'NULL' : quoteCsv(line.mark === separator ? arrow(cell, separator) : cell)
}

/** `->`, longer when the data have that. */
function separatorFor(expected: DiffTable, actual: DiffTable): string {
  let separator = '->'
  for (const table of [expected, actual]) {
    for (const row of [table.columns, ...table.rows]) {
      for (const cell of row) while (cell?.includes(separator) === true) separator = `-${separator}`
    }
  }
  return separator
}

/** Before and after with an arrow between; blanks that make the only difference become visible. */
function arrow(text: string, separator: string): string {
  const at = text.indexOf(separator)
  if (at === -1) return text
  const before = text.slice(0, at)
  const after = text.slice(at + separator.length)
  return `${showBlanks(before, after)}→${showBlanks(after, before)}`
}

function showBlanks(text: string, other: string): string {
  if (text === other || text.replaceAll(' ', '') !== other.replaceAll(' ', '')) return text
  let shown = ''
  let at = 0
  for (let i = 0; i < text.length; ) {
    const character = text[i]!
    const opposite = other[at] ?? ''
    if (character === opposite) {
      shown += character
      i++
      at++
    } else if (opposite === ' ') at++
    else {
      shown += '␣'
      i++
    }
  }
  return shown
}

type Shown = 'show' | 'gap' | 'hide'

/** Active entries and those next to them; the one after that stands for a gap. */
function withContext(active: readonly boolean[]): Shown[] {
  const distance = (at: number): number => {
    let nearest = Number.POSITIVE_INFINITY
    for (const step of [1, 2])
      if (active[at - step] === true || active[at + step] === true) nearest = Math.min(nearest, step)
    return nearest
  }
  return active.map((is, at): Shown => (is || distance(at) === 1 ? 'show' : distance(at) === 2 ? 'gap' : 'hide'))
}

/** A run of hidden columns becomes one column of dots. */
function cutColumns(cells: readonly string[], shown: readonly Shown[]): string[] {
  const out = [cells[0]!]
  shown.forEach((each, column) => {
    if (each === 'show') out.push(cells[column + 1]!)
    else if (column === 0 || shown[column - 1] === 'show') out.push('...')
  })
  return out
}

function layOut(grid: readonly (readonly string[])[]): string {
  const sizes = columnSizes(grid)
  return grid
    .map((row) => {
      let line = ''
      let width = 0
      let target = 0
      row.forEach((cell, column) => {
        if (sizes !== null && target > width) {
          line += ' '.repeat(target - width)
          width = target
        }
        line += column > 0 ? `,${cell}` : cell
        width += cell.length
        target += sizes?.[column] ?? 0
      })
      return `${line}\r\n`
    })
    .join('')
}

/** Widths that fit most cells: the widest that is no outlier, at least the column's name. Null when it gets too wide. */
function columnSizes(cells: readonly (readonly string[])[]): number[] | null {
  const columns = cells[0]!.length
  let total = columns - 1
  const sizes: number[] = []
  for (let column = 0; column < columns; column++) {
    const lengths = cells.map((row) => row[column]!.length)
    const mean = lengths.reduce((sum, each) => sum + each, 0) / lengths.length
    const variance = lengths.reduce((sum, each) => sum + each * each, 0) / lengths.length - mean * mean
    const usual = Math.trunc(mean + Math.sqrt(Math.max(0, variance)) * 2 + 0.5)
    const fitting = lengths.filter((each) => each <= usual)
    sizes.push(Math.max(lengths[0]!, 0, ...fitting))
    total += sizes.at(-1)!
  }
  return total > MAX_ALIGNED_WIDTH ? null : sizes
}

function quoteCsv(text: string, blanksToo = true): string {
  const needsQuotes = (blanksToo && (text.startsWith(' ') || text.endsWith(' '))) || /["\r\n\t,]/.test(text)
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text
}
