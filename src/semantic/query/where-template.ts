import type { Hole } from '../../sql/plan/text/tokens.js'
import { type CallFault, type ObjectCall, readObjectCall } from './object-call.js'

/** A filter taken apart: SQL text with holes, and the objects that go there. */
export interface WhereTemplate {
  readonly segments: readonly (string | Hole)[]
  readonly calls: readonly ObjectCall[]
}

/** `{{ ... }}`, with the dashes that trim white space */
const EXPRESSION = /\{\{-?\s*([\s\S]*?)\s*-?\}\}/g

/** Splits a filter like `{{ Dimension('listing__country') }} = 'us'`. */
export function readWhereTemplate(template: string): WhereTemplate | CallFault {
  const segments: (string | Hole)[] = []
  const calls: ObjectCall[] = []
  let end = 0
  for (const match of template.matchAll(EXPRESSION)) {
    const before = template.slice(end, match.index)
    const fault = strayBraces(before)
    if (fault !== undefined) return fault
    if (before !== '') segments.push(before)
    const call = readObjectCall(match[1] ?? '')
    if ('fault' in call) return call
    segments.push({ hole: calls.length })
    calls.push(call)
    end = match.index + match[0].length
  }
  const rest = template.slice(end)
  const fault = strayBraces(rest)
  if (fault !== undefined) return fault
  if (rest !== '') segments.push(rest)
  return { segments, calls }
}

function strayBraces(text: string): CallFault | undefined {
  if (text.includes('{%') || text.includes('{#')) return { fault: 'only {{ ... }} can be used in a filter' }
  if (text.includes('{{') || text.includes('}}')) return { fault: 'a {{ or }} has no partner' }
  return undefined
}
