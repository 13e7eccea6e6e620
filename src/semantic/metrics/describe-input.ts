import type { MetricInputDefinition, Window } from './definition.js'

/** The use of a metric in another, in words: `bookings of 14 days before`. */
export function describeInput({ name, filters, offsetWindow, offsetToGrain }: MetricInputDefinition): string {
  const parts = [name]
  if (offsetWindow !== undefined) parts.push(`${describeWindow(offsetWindow)} before`)
  if (offsetToGrain !== undefined) parts.push(`at the start of the ${offsetToGrain}`)
  if (filters.length > 0) parts.push(`where ${filters.map((filter) => filter.trim()).join(' and ')}`)
  return parts.join(' ')
}

export function describeWindow({ count, granularity }: Window): string {
  return `${count} ${granularity}${count === 1 ? '' : 's'}`
}
