/** A metric for one value of a dimension (or one period), in both states; 0 where there is nothing. */
export interface Moved {
  /** Null: rows without a value. */
  readonly key: string | null
  readonly before: number
  readonly after: number
}

/** Where in a metric a change lies. */
export interface Movement {
  /** Values of dimensions, one after another: the second within the first. */
  readonly within: readonly { readonly dimension: string; readonly values: readonly (string | null)[] }[]
  /** First and last period that moved, by their first days; null: open at that end. Absent: all of the time. */
  readonly period?: { readonly grain: string; readonly from: string | null; readonly to: string | null }
  /** The metric there; absent where parts do not add up to the whole. */
  readonly before?: number
  readonly after?: number
}

export interface ValuesThatMoved {
  readonly values: readonly (string | null)[]
  /** How much of the movement is theirs: 0 to 1. */
  readonly share: number
  /** How much more of the movement is theirs than of the metric. */
  readonly surprise: number
}

/** Fewer than these say where something lies; more only say that it lies everywhere. */
const FEW = 3
const NEARLY_ALL = 0.9
const ALL = 0.99

/**
 * The few values of a dimension in which a movement lies; undefined when it lies in all of them, or in what they always
 * make up of the metric.
 */
export function valuesThatMoved(groups: readonly Moved[], whole: Omit<Moved, 'key'>): ValuesThatMoved | undefined {
  const moved = groups.filter(hasMoved).sort((a, b) => size(b) - size(a))
  if (groups.length < 2 || moved.length === 0) return undefined
  if (!addsUp(groups, whole)) {
    // Shares of a ratio do not add up: then those count that moved while others stood still.
    if (moved.length > FEW || moved.length === groups.length) return undefined
    return { values: moved.map(({ key }) => key), share: 1, surprise: 1 - moved.length / groups.length }
  }
  const all = sum(moved.map(size))
  let count = 0
  for (let covered = 0; covered < NEARLY_ALL * all; count++) covered += size(moved[count]!)
  if (count > FEW || count >= groups.length) return undefined
  const chosen = moved.slice(0, count)
  const share = sum(chosen.map(size)) / all
  const base = sum(groups.map(weight)) === 0 ? 0 : sum(chosen.map(weight)) / sum(groups.map(weight))
  if (share - base < 0.15 && share < ALL) return undefined
  return { values: chosen.map(({ key }) => key), share, surprise: share - base }
}

/** The span of periods in which a movement lies; undefined when it lies in all of the time. Periods in order. */
export function periodsThatMoved(
  periods: readonly (Moved & { readonly key: string })[],
): { readonly from: string | null; readonly to: string | null; readonly inside: readonly Moved[] } | undefined {
  const largest = Math.max(0, ...periods.map(size))
  const counts = (each: Moved): boolean => hasMoved(each) && size(each) > 0.01 * largest
  const first = periods.findIndex(counts)
  const last = periods.findLastIndex(counts)
  if (first === -1 || (first === 0 && last === periods.length - 1)) return undefined
  return {
    from: first === 0 ? null : periods[first]!.key,
    to: last === periods.length - 1 ? null : periods[last]!.key,
    inside: periods.slice(first, last + 1),
  }
}

/** Do the parts make up the whole, before and after? */
export function addsUp(groups: readonly Moved[], whole: Omit<Moved, 'key'>): boolean {
  return (
    isSame(sum(groups.map(({ before }) => before)), whole.before) &&
    isSame(sum(groups.map(({ after }) => after)), whole.after)
  )
}

export function hasMoved({ before, after }: Omit<Moved, 'key'>): boolean {
  return !isSame(before, after)
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
}

function size({ before, after }: Moved): number {
  return Math.abs(after - before)
}

function weight({ before, after }: Moved): number {
  return Math.max(Math.abs(before), Math.abs(after))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ')

/** `in EU (order__region) since March 2024: -8.3 % there` */
export function movementText({ within, period, before, after }: Movement): string {
  const places = within.map(
    ({ dimension, values }) => `${values.map((value) => value ?? 'none').join(', ')} (${dimension})`,
  )
  const parts = [...(places.length > 0 ? [`in ${places.join(', ')}`] : []), ...(period ? [periodText(period)] : [])]
  const there =
    before !== undefined && after !== undefined && before !== 0 ? `: ${percentText(before, after)} there` : ''
  return parts.join(' ') + there
}

/** `-2.1 %`, with as many places as it takes to be something. */
export function percentText(before: number, after: number): string {
  const share = (100 * (after - before)) / Math.abs(before)
  const places = Math.abs(share) >= 0.05 || share === 0 ? 1 : Math.min(6, 1 - Math.floor(Math.log10(Math.abs(share))))
  return `${share > 0 ? '+' : ''}${share.toFixed(places)} %`
}

function periodText({ grain, from, to }: NonNullable<Movement['period']>): string {
  const name = (day: string): string => {
    const [year, month] = day.split('-')
    if (grain === 'year') return year!
    if (grain === 'quarter') return `Q${Math.ceil(Number(month) / 3)} ${year}`
    return grain === 'month' ? `${MONTHS[Number(month) - 1]} ${year}` : day
  }
  if (from !== null && to === null) return `since ${name(from)}`
  if (from === null && to !== null) return `until ${name(to)}`
  if (from === to) return `${grain === 'month' || grain === 'quarter' || grain === 'year' ? 'in' : 'on'} ${name(from!)}`
  return `from ${name(from!)} to ${name(to!)}`
}
