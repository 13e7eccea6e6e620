/** A cell as text; null is SQL's null. */
export type DiffCell = string | null
export type DiffRow = readonly DiffCell[]

/** A row of the expected table and/or the row of the actual one that it became; -1 where there is none. */
export interface RowPair {
  readonly left: number
  readonly right: number
}

export interface RowAlignment {
  /** In the order they are shown. */
  readonly pairs: readonly RowPair[]
  /** Columns that told rows apart: always shown. */
  readonly keyColumns: ReadonlySet<number>
}

/** So many columns are tried as keys, alone and together. */
const MAX_KEY_COLUMNS = 5
/** A key is no key when one value of it is this frequent, in relation to the rows. */
const MAX_FREQUENCY = 0.1

/**
 * Finds which rows of two tables with the same columns belong together: first by columns that identify a row on both
 * sides (every combination of up to five), then by standing beside rows that do. The rules follow the daff tool, which
 * dbt shows unit tests with, so that the same rows are shown as changed, added or gone.
 */
export function alignRows(left: readonly DiffRow[], right: readonly DiffRow[], width: number): RowAlignment {
  const match = new Matching(left.length, right.length)
  const keyColumns = new Set<number>()
  const candidates = keyCandidates(left, right, width)
  const combinations = 2 ** candidates.length
  let tried = 0
  let widest: KeyIndex | null = null
  for (let mask = 1; mask < combinations && match.unmatchedLeft > 0; mask++) {
    const columns = candidates.filter((_, bit) => (mask & (1 << bit)) !== 0)
    for (const column of columns) keyColumns.add(column)
    const index = new KeyIndex(left, right, columns)
    const isWidest = mask === combinations - 1
    if (isWidest) widest = index
    // The header line counts as a row of each table.
    const height = Math.max(left.length, right.length) + 1
    if (index.topFrequency / (height + 20) >= MAX_FREQUENCY && (tried > 0 || !isWidest)) continue
    tried++
    for (let row = 0; row < left.length; row++) {
      if (match.rightOf(row) !== undefined) continue
      const other = index.uniqueMatch(row)
      if (other !== null && match.leftOf(other) === undefined) match.link(row, other)
    }
  }
  if (widest !== null) matchNeighbours(match, widest)
  return { pairs: match.inOrder(), keyColumns }
}

/** The columns with the most different values, at most five, in the table's order when there are no more. */
function keyCandidates(left: readonly DiffRow[], right: readonly DiffRow[], width: number): number[] {
  const columns = Array.from({ length: width }, (_, column) => column)
  if (width <= MAX_KEY_COLUMNS) return columns
  const distinct = columns.map((column) => {
    const values = (rows: readonly DiffRow[]) => new Set(rows.map((row) => row[column] ?? '')).size
    return values(left) + values(right)
  })
  return columns.sort((a, b) => distinct[b]! - distinct[a]! || a - b).slice(0, MAX_KEY_COLUMNS)
}

/** Rows of both tables by the text of some columns. */
class KeyIndex {
  readonly #left = new Map<string, number[]>()
  readonly #right = new Map<string, number[]>()
  readonly leftKeys: readonly string[]
  readonly rightKeys: readonly string[]
  topFrequency = 1

  constructor(left: readonly DiffRow[], right: readonly DiffRow[], columns: readonly number[]) {
    const keyOf = (row: DiffRow) => columns.map((column) => textOfKey(row[column] ?? null)).join(' // ')
    this.leftKeys = left.map(keyOf)
    this.rightKeys = right.map(keyOf)
    this.#fill(this.#left, this.leftKeys)
    this.#fill(this.#right, this.rightKeys)
  }

  /** The one row of the right that has the key which only this row of the left has. */
  uniqueMatch(row: number): number | null {
    const key = this.leftKeys[row]!
    if (key === '' || this.#left.get(key)!.length !== 1) return null
    const others = this.#right.get(key)
    return others?.length === 1 ? others[0]! : null
  }

  #fill(map: Map<string, number[]>, keys: readonly string[]): void {
    keys.forEach((key, row) => {
      const rows = map.get(key)
      if (rows === undefined) map.set(key, [row])
      else this.topFrequency = Math.max(this.topFrequency, rows.push(row))
    })
  }
}

function textOfKey(cell: DiffCell): string {
  return cell === null || cell === 'null' || cell === 'undefined' ? '' : cell
}

/** Equal rows that occur several times are paired when they follow (or precede) a pair. */
function matchNeighbours(match: Matching, index: KeyIndex): void {
  for (const step of [1, -1]) walkLeft(match, index, step)
  for (const step of [1, -1]) walkRight(match, index, step)
}

function walkLeft(match: Matching, index: KeyIndex, step: number): void {
  const last = match.rightCount - 1
  // The header lines are a pair, before the first rows.
  let at: number | null = step === 1 ? 0 : last
  for (let n = 0; n < match.leftCount && match.unmatchedLeft > 0; n++) {
    const row = step === 1 ? n : match.leftCount - 1 - n
    const known = match.rightOf(row)
    if (known !== undefined) at = known + step
    if (at === null || at < 0 || at > last) return
    if (known !== undefined || index.leftKeys[row] !== index.rightKeys[at] || match.leftOf(at) !== undefined) continue
    match.link(row, at)
    at += step
    if (at < 0 || at > last) return
  }
}

function walkRight(match: Matching, index: KeyIndex, step: number): void {
  const last = match.leftCount - 1
  let at = step === 1 ? 0 : last
  for (let n = 0; n < match.rightCount && match.unmatchedRight > 0; n++) {
    const row = step === 1 ? n : match.rightCount - 1 - n
    const known = match.leftOf(row)
    if (known !== undefined) at = known + step
    if (at < 0 || at > last) return
    if (known !== undefined || index.leftKeys[at] !== index.rightKeys[row] || match.rightOf(at) !== undefined) continue
    match.link(at, row)
    at += step
    if (at < 0 || at > last) return
  }
}

/** Which rows have been paired. */
class Matching {
  readonly #toRight = new Map<number, number>()
  readonly #toLeft = new Map<number, number>()

  constructor(
    readonly leftCount: number,
    readonly rightCount: number,
  ) {}

  get unmatchedLeft(): number {
    return this.leftCount - this.#toRight.size
  }

  get unmatchedRight(): number {
    return this.rightCount - this.#toLeft.size
  }

  rightOf(left: number): number | undefined {
    return this.#toRight.get(left)
  }

  leftOf(right: number): number | undefined {
    return this.#toLeft.get(right)
  }

  link(left: number, right: number): void {
    this.#toRight.set(left, right)
    this.#toLeft.set(right, left)
  }

  /** Pairs and new rows as the right table has them; a row that is gone stands before the first pair that came after it. */
  inOrder(): RowPair[] {
    const gone: number[] = []
    for (let left = 0; left < this.leftCount; left++) if (!this.#toRight.has(left)) gone.push(left)
    const pairs: RowPair[] = []
    let next = 0
    for (let right = 0; right < this.rightCount; right++) {
      const left = this.#toLeft.get(right) ?? -1
      while (next < gone.length && gone[next]! < left) pairs.push({ left: gone[next++]!, right: -1 })
      pairs.push({ left, right })
    }
    while (next < gone.length) pairs.push({ left: gone[next++]!, right: -1 })
    return pairs
  }
}
