import { isDatePart } from '../../sql/granularity.js'
import type { SemanticCatalog } from '../catalog.js'
import { type ItemPattern, patternOfCall, patternOfName } from './item-pattern.js'
import type { GroupByRequest } from './metric-query.js'
import { type CallFault, readObjectCall } from './object-call.js'

/** The pattern of something to group or order by, however it is written. */
export function patternOfRequest(asked: string | GroupByRequest, catalog: SemanticCatalog): ItemPattern | CallFault {
  const grains = catalog.spines.customGrains
  if (typeof asked === 'string') {
    if (!asked.includes('(')) return patternOfName(asked, grains)
    const call = readObjectCall(asked, true)
    return 'fault' in call ? call : patternOfCall(call, grains)
  }
  const named = patternOfName(asked.name, grains)
  const part = asked.datePart?.toLowerCase()
  if (part === undefined) {
    return asked.grain === undefined ? named : { ...named, kinds: new Set(['time']), grain: asked.grain.toLowerCase() }
  }
  if (!isDatePart(part)) return { fault: `'${asked.datePart}' is not a date part` }
  return { ...named, kinds: new Set(['time']), grain: undefined, part }
}
