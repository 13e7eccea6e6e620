/** Grains of time a dimension can have, finest first. The words are what DATE_TRUNC takes. */
export const TIME_GRANULARITIES = [
  'nanosecond',
  'microsecond',
  'millisecond',
  'second',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
] as const

export type TimeGranularity = (typeof TIME_GRANULARITIES)[number]

/** Parts that can be read out of a date. `dow` is ISO: Monday is 1, Sunday 7. */
export const DATE_PARTS = ['year', 'quarter', 'month', 'day', 'dow', 'doy'] as const

export type DatePart = (typeof DATE_PARTS)[number]

const RANK: { readonly [K in TimeGranularity]: number } = Object.fromEntries(
  TIME_GRANULARITIES.map((grain, index) => [grain, index]),
) as { [K in TimeGranularity]: number }

const PART_GRAIN: { readonly [K in DatePart]: TimeGranularity } = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  day: 'day',
  dow: 'day',
  doy: 'day',
}

/** Position in the order from fine to coarse; comparable between grains. */
export function grainRank(grain: TimeGranularity): number {
  return RANK[grain]
}

export function isTimeGranularity(word: string): word is TimeGranularity {
  return Object.hasOwn(RANK, word)
}

export function isDatePart(word: string): word is DatePart {
  return Object.hasOwn(PART_GRAIN, word)
}

/** The coarsest grain whose values still hold this part: a column of months has no `dow`. */
export function coarsestGrainFor(part: DatePart): TimeGranularity {
  return PART_GRAIN[part]
}

/** The grains at least as coarse as `grain`, finest first. */
export function grainsFrom(grain: TimeGranularity): readonly TimeGranularity[] {
  return TIME_GRANULARITIES.slice(RANK[grain])
}

/** The date parts that values of this grain hold. */
export function datePartsOf(grain: TimeGranularity): readonly DatePart[] {
  return DATE_PARTS.filter((part) => RANK[PART_GRAIN[part]] >= RANK[grain])
}

export function finerGrain(a: TimeGranularity, b: TimeGranularity): TimeGranularity {
  return RANK[a] <= RANK[b] ? a : b
}

export function coarserGrain(a: TimeGranularity, b: TimeGranularity): TimeGranularity {
  return RANK[a] >= RANK[b] ? a : b
}
