import type { ObjectCall } from '../../query/object-call.js'
import { readWhereTemplate } from '../../query/where-template.js'

/** The calls in a filter, or why it cannot be read. */
export interface FilterReading {
  readonly calls: readonly ObjectCall[]
  readonly fault: string | undefined
}

export function readFilter(template: string): FilterReading {
  const reading = readWhereTemplate(template)
  if ('fault' in reading) return { calls: [], fault: reading.fault }
  const fault = reading.calls.map(faultOfCall).find((found) => found !== undefined)
  return { calls: reading.calls, fault }
}

/** What is wrong with a call that can be read. */
export function faultOfCall(call: ObjectCall): string | undefined {
  if (call.object === 'Metric' && call.groupBy.length === 0) {
    return `${call.text} needs group_by: for each of which things is the metric computed`
  }
  return undefined
}
