import { toStr, type Value } from '../../jinja/index.js'

/** The rows of a time window: `start <= field < end`. Bounds are datetimes; either may be missing. */
export interface EventTimeFilter {
  readonly fieldName: string
  readonly start: Value
  readonly end: Value
}

/** The condition as SQL; empty without bounds. */
export function renderEventTimeFilter(filter: EventTimeFilter): string {
  const { fieldName, start, end } = filter
  const conditions: string[] = []
  if (start != null) conditions.push(`${fieldName} >= '${toStr(start)}'`)
  if (end != null) conditions.push(`${fieldName} < '${toStr(end)}'`)
  return conditions.join(' and ')
}
