import { fail } from '../../core/diagnostic.js'
import { grainRank, type TimeGranularity } from '../../sql/granularity.js'

/** A stretch of time, both ends included; milliseconds since 1970 in UTC. An absent end is open. */
export interface TimeRange {
  readonly start: number | undefined
  readonly end: number | undefined
}

const SECOND = 1000
const DAY = 86_400_000

/** `2020-01-31`, `2020-01-31 12:30`, `2020-01-31T12:30:59` */
const TIME = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|\+00:00)?)?$/

/** @throws PlumbError `time-syntax` for what is not a date or time. */
export function readTime(text: string): number {
  const match = TIME.exec(text.trim())
  const [year, month, day, hour, minute, second] = (match ?? []).slice(1).map((part) => Number(part ?? 0))
  const time = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second)
  if (match === null || Number.isNaN(time) || new Date(time).getUTCDate() !== day) {
    fail('semantic', 'time-syntax', `'${text}' is not a date or time.`, {
      hint: 'write it like 2020-01-31 or 2020-01-31 12:30:00',
    })
  }
  return time
}

/** The range widened to the beginning and the end of the periods its ends lie in. */
export function widenToGrain(range: TimeRange, grain: TimeGranularity): TimeRange {
  return {
    start: range.start === undefined ? undefined : startOfPeriod(range.start, grain),
    // The end of a period is its last day, or for grains below days its last second.
    end: range.end === undefined ? undefined : nextPeriod(range.end, grain) - (isDaily(grain) ? DAY : SECOND),
  }
}

/** The first moment of the period that `time` lies in. Weeks begin on Monday. */
export function startOfPeriod(time: number, grain: TimeGranularity): number {
  const date = new Date(time)
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  switch (grain) {
    case 'year':
      return Date.UTC(year, 0, 1)
    case 'quarter':
      return Date.UTC(year, month - (month % 3), 1)
    case 'month':
      return Date.UTC(year, month, 1)
    case 'week':
      return Date.UTC(year, month, day - ((date.getUTCDay() + 6) % 7))
    case 'day':
      return Date.UTC(year, month, day)
    case 'hour':
      return time - (time % (3600 * SECOND))
    case 'minute':
      return time - (time % (60 * SECOND))
    default:
      return time - (time % SECOND)
  }
}

/** The first moment of the period after the one `time` lies in. */
export function nextPeriod(time: number, grain: TimeGranularity): number {
  return addGrains(startOfPeriod(time, grain), 1, grain)
}

/** `time` moved by `count` grains; a day that its month does not have becomes the month's last. */
export function addGrains(time: number, count: number, grain: TimeGranularity): number {
  const date = new Date(time)
  const months = { year: 12, quarter: 3, month: 1 }[grain as string]
  if (months !== undefined) {
    const month = date.getUTCMonth() + count * months
    const lastDay = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate()
    return Date.UTC(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), lastDay)) + (time % DAY)
  }
  const size = { week: 7 * DAY, day: DAY, hour: 3600 * SECOND, minute: 60 * SECOND }[grain as string] ?? SECOND
  return time + count * size
}

/** `2020-01-31`, or with the time of day where there is one. */
export function formatTime(time: number): string {
  const text = new Date(time).toISOString().slice(0, 19).replace('T', ' ')
  return text.endsWith(' 00:00:00') ? text.slice(0, 10) : text
}

export function isDaily(grain: TimeGranularity): boolean {
  return grainRank(grain) >= grainRank('day')
}
