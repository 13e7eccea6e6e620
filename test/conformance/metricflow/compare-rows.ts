/** Columns and rows of an answer; times as `2020-01-31` or `2020-01-31 12:30:00[.f]`, big numbers as numbers. */
export interface Answer {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

/** How two answers differ, by the suite's rules; undefined if they do not. */
export function difference(actual: Answer, expected: Answer, ordered: boolean): string | undefined {
  const names = ordered
    ? [actual.columns, expected.columns]
    : [[...actual.columns].sort(), [...expected.columns].sort()]
  if (names[0]!.join() !== names[1]!.join()) return `columns ${names[0]!.join()} instead of ${names[1]!.join()}`
  if (actual.rows.length !== expected.rows.length)
    return `${actual.rows.length} rows instead of ${expected.rows.length}`
  const got = arrange(actual, ordered)
  const wanted = arrange(expected, ordered)
  for (const [index, row] of got.entries()) {
    const other = wanted[index]!
    if (!row.every((value, column) => sameValue(value, other[column]))) {
      return `row ${index}: ${JSON.stringify(row)} instead of ${JSON.stringify(other)}`
    }
  }
  return undefined
}

function arrange(answer: Answer, ordered: boolean): readonly (readonly unknown[])[] {
  if (ordered) return answer.rows.map((row) => row.map(plain))
  const order = answer.columns.map((name, index) => ({ name, index })).sort((a, b) => (a.name < b.name ? -1 : 1))
  const rows = answer.rows.map((row) => order.map(({ index }) => plain(row[index])))
  const keyed = rows.map((row) => ({ row, key: row.map(sortKey).join('\u0001') }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ row }) => row)
}

/** Booleans are numbers, midnight is its date. */
function plain(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'string') {
    const time = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+?)?0*$/.exec(value)
    if (time !== null)
      return time[2] === '00:00:00' && !time[3] ? time[1] : `${time[1]} ${time[2]}${(time[3] ?? '').replace(/\.$/, '')}`
  }
  return value ?? null
}

function sortKey(value: unknown): string {
  if (value === null) return '0'
  if (typeof value === 'number') return `1${(value + 1e15).toFixed(4).padStart(24, '0')}`
  return `2${String(value)}`
}

function sameValue(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    return a === b || Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b))
  }
  return a === b || String(a) === String(b)
}
