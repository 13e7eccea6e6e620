import type { AlignedData } from 'uplot'
import type { Answer } from '../state/ask.js'
import { shown } from './answer-view.js'

export interface Drawing {
  readonly title: string
  readonly isTime: boolean
  /** Words under the bars; null for a time axis. */
  readonly labels: readonly string[] | null
  /** One per series. */
  readonly names: readonly string[]
  readonly data: AlignedData
  /** An answer of one row is figures, not a chart. */
  readonly single: readonly { readonly name: string; readonly value: string }[] | null
}

/** Series that one can still tell apart. */
const MOST_SERIES = 8

/** How an answer is drawn; null when it has no rows. */
export function drawingOf({ columns, rows }: Answer, metrics: readonly string[]): Drawing | null {
  if (rows.length === 0) return null
  const isMetric = (name: string, role: string | null | undefined): boolean =>
    role === undefined || role === null ? metrics.includes(name) : role === 'metric'
  const values = columns.flatMap(({ name, role }, at) => (isMetric(name, role) ? [at] : []))
  const keys = columns.flatMap(({ name, role }, at) => (isMetric(name, role) ? [] : [at]))
  const title = `${values.map((at) => columns[at]!.name).join(', ')} / ${keys.map((at) => columns[at]!.name).join(', ')}`
  const empty = { title, isTime: false, labels: null, names: [], data: [[]] as unknown as AlignedData }
  if (keys.length === 0) {
    const single = values.map((at) => ({ name: columns[at]!.name, value: shown(rows[0]![at]) }))
    return { ...empty, single }
  }
  const time = keys.find((at) => rows.every((row) => row[at] === null || isDate(row[at])))
  const others = keys.filter((at) => at !== time)
  const positions = new Map<string, number>()
  const xs: (string | number)[] = []
  const series = new Map<string, Map<number, number | null>>()
  const ordered = time === undefined ? rows : [...rows].sort((a, b) => epoch(a[time]) - epoch(b[time]))
  for (const row of ordered) {
    if (time !== undefined && row[time] === null) continue
    const x = time === undefined ? others.map((at) => shown(row[at])).join(' · ') : String(row[time])
    let position = positions.get(x)
    if (position === undefined) {
      position = xs.length
      positions.set(x, position)
      xs.push(time === undefined ? x : epoch(x))
    }
    const group = time === undefined ? '' : others.map((at) => shown(row[at])).join(' · ')
    for (const at of values) {
      const name = [group, values.length > 1 || group === '' ? columns[at]!.name : ''].filter(Boolean).join(' ')
      const points = series.get(name) ?? series.set(name, new Map()).get(name)!
      points.set(position, row[at] === null ? null : Number(row[at]))
    }
  }
  const chosen = [...series].slice(0, MOST_SERIES)
  const axis = time === undefined ? xs.map((_, at) => at) : (xs as number[])
  const lines = chosen.map(([, points]) => axis.map((_, at) => points.get(at) ?? null))
  return {
    title,
    isTime: time !== undefined,
    labels: time === undefined ? (xs as string[]) : null,
    names: chosen.map(([name]) => name),
    data: [axis, ...lines] as unknown as AlignedData,
    single: null,
  }
}

function isDate(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value)
}

/** Seconds since 1970, UTC; times without a zone are taken as they stand. */
function epoch(value: unknown): number {
  const text = String(value)
  return (
    Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text.replace(' ', 'T').replace(/(:\d\d(\.\d+)?)$/, '$1Z')) /
    1000
  )
}
