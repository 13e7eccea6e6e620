import type { QueryResult } from '../../adapters/adapter.js'
import { displayWidth } from './table.js'
import { cellNumber, readableColumns } from './text.js'

const EIGHTHS = ' ▏▎▍▌▋▊▉'
const LEVELS = ' ▁▂▃▄▅▆▇█'
/** From so many points in time on, columns beside each other say more than bars below each other. */
const MANY = 25
const HEIGHT = 8

/**
 * The answer drawn in the terminal: one chart for every column of numbers. A row is a bar; a long series over time is
 * drawn as columns from left to right. `width`: of the terminal.
 */
export function chartOf(result: QueryResult, decimals: number | null, width: number): string {
  const columns = readableColumns(result, decimals)
  const values = columns.map((_, index) => (result.data[index] ?? []).map(cellNumber))
  const metrics = columns.flatMap((column, index) => (column.isNumber ? [{ ...column, values: values[index]! }] : []))
  const groups = columns.filter((column) => !column.isNumber)
  if (metrics.length === 0 || result.rowCount === 0) return 'There is nothing to draw: no numbers came back.'
  const labels = Array.from({ length: result.rowCount }, (_, row) =>
    groups.map(({ cells }) => cells[row] || '(none)').join(' · '),
  )
  const isSeries = result.rowCount > MANY && groups.length === 1 && isTime(result, columns.indexOf(groups[0]!))
  return metrics
    .map(({ name, values: numbers, cells }) => {
      const drawn = isSeries ? series(labels, numbers, width) : bars(labels, numbers, cells, width)
      return [name, ...drawn].join('\n')
    })
    .join('\n\n')
}

function isTime({ columns }: QueryResult, index: number): boolean {
  return columns[index]?.family === 'date' || columns[index]?.family === 'datetime'
}

type Numbers = readonly (number | null)[]

function range(numbers: Numbers): { low: number; high: number } {
  const known = numbers.filter((value): value is number => value !== null)
  return { low: Math.min(0, ...known), high: Math.max(0, ...known) }
}

function bars(labels: readonly string[], numbers: Numbers, texts: readonly string[], width: number): string[] {
  const labelWidth = Math.min(40, Math.max(0, ...labels.map(displayWidth)))
  const textWidth = Math.max(...texts.map((text) => text.length))
  const { low, high } = range(numbers)
  const room = Math.max(10, width - labelWidth - textWidth - 4)
  const scale = high === low ? 0 : room / (high - low)
  const zero = Math.round(-low * scale)
  return labels.map((label, row) => {
    const value = numbers[row] ?? 0
    const length = Math.abs(value) * scale
    const bar =
      value >= 0
        ? `${' '.repeat(zero)}${partial(length)}`
        : `${' '.repeat(Math.max(0, zero - Math.round(length)))}${'█'.repeat(Math.round(length))}`
    const name = label.length > labelWidth ? `${label.slice(0, labelWidth - 1)}…` : label
    const padding = ' '.repeat(Math.max(0, labelWidth - displayWidth(name)))
    return `${name}${padding}  ${(texts[row] ?? '').padStart(textWidth)}  ${bar}`.trimEnd()
  })
}

function partial(length: number): string {
  const whole = Math.floor(length)
  const rest = EIGHTHS[Math.floor((length - whole) * 8)]!
  return `${'█'.repeat(whole)}${rest.trim()}`
}

/** Columns of eighths of a line; where there are more points than places, neighbours are averaged. */
function series(labels: readonly string[], numbers: Numbers, width: number): string[] {
  const { low, high } = range(numbers)
  const edge = [high, low].map((value) => String(Number(value.toPrecision(4))))
  const edgeWidth = Math.max(...edge.map((text) => text.length))
  const places = Math.min(numbers.length, Math.max(10, width - edgeWidth - 3))
  const points = Array.from({ length: places }, (_, place) => {
    const part = numbers.slice(
      Math.floor((place * numbers.length) / places),
      Math.floor(((place + 1) * numbers.length) / places),
    )
    const known = part.filter((value): value is number => value !== null)
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
  })
  const height = high === low ? 0 : (HEIGHT * 8) / (high - low)
  const lines = Array.from({ length: HEIGHT }, (_, line) => {
    const floor = (HEIGHT - 1 - line) * 8
    const cells = points.map((point) => {
      if (point === null) return ' '
      const filled = Math.round((point - low) * height) - floor
      return LEVELS[Math.max(0, Math.min(8, filled))]!
    })
    const text = line === 0 ? edge[0]! : line === HEIGHT - 1 ? edge[1]! : ''
    return `${text.padStart(edgeWidth)} ┤${cells.join('')}`.trimEnd()
  })
  const first = labels[0]!
  const last = labels.at(-1)!
  const gap = Math.max(1, places - first.length - last.length)
  return [...lines, `${' '.repeat(edgeWidth + 2)}${first}${' '.repeat(gap)}${last}`]
}
