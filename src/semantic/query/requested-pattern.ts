import { isDatePart } from '../../sql/granularity.js'
import type { SemanticCatalog } from '../catalog.js'
import { type ItemPattern, patternOfCall, patternOfName } from './item-pattern.js'
import type { GroupByRequest } from './metric-query.js'
import { type CallFault, readObjectCall } from './object-call.js'

const UNGRAINED: ItemPattern['kinds'] = new Set(['dimension', 'entity'])

/** The pattern of something to group or order by, however it is written. */
export function patternOfRequest(asked: string | GroupByRequest, catalog: SemanticCatalog): ItemPattern | CallFault {
  const grains = catalog.spines.customGrains
  if (typeof asked === 'string') {
    if (!asked.includes('(')) return patternOfName(asked, grains)
    const call = readObjectCall(asked, true)
    if ('fault' in call) return call
    const pattern = patternOfCall(call, grains)
    // Outside of filters MetricFlow takes Entity() for dimensions as well; for times only where grains are no question.
    return call.object === 'Entity' && !('fault' in pattern) ? { ...pattern, kinds: UNGRAINED } : pattern
  }
  const named = patternOfName(asked.name, grains)
  const part = asked.datePart?.toLowerCase()
  if (part === undefined) {
    return asked.grain === undefined ? named : { ...named, kinds: new Set(['time']), grain: asked.grain.toLowerCase() }
  }
  if (!isDatePart(part)) return { fault: `'${asked.datePart}' is not a date part` }
  return { ...named, kinds: new Set(['time']), grain: undefined, part }
}
