import type { MetricDefinition } from './definition.js'

/** Why a metric must be grouped by time; undefined if it need not. */
export function whyNeedsTime(definition: MetricDefinition): string | undefined {
  if (definition.type === 'cumulative') {
    if (definition.window !== undefined) return 'accumulates over a window of time'
    return definition.grainToDate === undefined
      ? undefined
      : `accumulates from the start of each ${definition.grainToDate}`
  }
  if (definition.type !== 'derived' && definition.type !== 'ratio') return undefined
  const moved = definition.inputs.find((input) => input.offsetWindow !== undefined || input.offsetToGrain !== undefined)
  return moved === undefined ? undefined : `compares with another time (its input '${moved.alias}' is offset)`
}
