import { fail } from '../core/diagnostic.js'
import { PyDateTime, type Value } from '../jinja/index.js'

/** A span of time: `start <= t < end`. */
export interface TimeWindow {
  readonly start: Value
  readonly end: Value
}

const GRAINS = ['hour', 'day', 'month', 'year'] as const
type Grain = (typeof GRAINS)[number]

/**
 * Reads `--sample`: `3 days` back from now, or `{start: 2024-01-01, end: 2024-02-01}`. Times are UTC.
 * @throws PlumbError of kind `usage` for anything else.
 */
export function parseSampleWindow(text: string, now: Date): TimeWindow {
  const trimmed = text.trim()
  if (trimmed.startsWith('{')) return absoluteWindow(trimmed)
  const parts = text.split(' ')
  if (parts.length !== 2) {
    fail('usage', 'sample-window', `Cannot load SAMPLE_WINDOW from '${text}'. Must be of form 'DAYS_INT GRAIN_SIZE'.`)
  }
  const count = Number(parts[0])
  if (!Number.isInteger(count) || parts[0] === '') {
    fail('usage', 'sample-window', `Unable to convert '${parts[0]}' to an integer.`)
  }
  const grain = GRAINS.find((g) => g === parts[1]!.toLowerCase().replace(/s+$/, ''))
  if (grain === undefined) {
    const valid = [...GRAINS, ...GRAINS.map((g) => `${g}s`)].map((g) => `'${g}'`).join(', ')
    fail('usage', 'sample-window', `Invalid grain size '${parts[1]}'. Must be one of [${valid}].`)
  }
  return { start: PyDateTime.fromDate(shifted(now, grain, -count)), end: PyDateTime.fromDate(now) }
}

function absoluteWindow(text: string): TimeWindow {
  const read = (name: string): Value => {
    const match = new RegExp(`['"]?${name}['"]?\\s*:\\s*['"]?([0-9][0-9T:. +-]*)`).exec(text)
    const date = match === null ? undefined : parseUtc(match[1]!.trim())
    if (date === undefined) fail('usage', 'sample-window', `Cannot read '${name}' of the sample window ${text}`)
    return PyDateTime.fromDate(date)
  }
  return { start: read('start'), end: read('end') }
}

function parseUtc(text: string): Date | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?/.exec(text)
  const date = match && new Date(`${match[1]}T${match[2] ?? '00:00:00'}Z`)
  return date === null || Number.isNaN(date.getTime()) ? undefined : date
}

/** The same time so many units away; the last day of a month where the day does not exist there. */
function shifted(from: Date, grain: Grain, count: number): Date {
  if (grain === 'hour') return new Date(from.getTime() + count * 3_600_000)
  if (grain === 'day') return new Date(from.getTime() + count * 86_400_000)
  const months = grain === 'month' ? count : count * 12
  const date = new Date(from)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, last))
  return date
}
