import { type ExpressionText, readExpression } from '../../sql/plan/text/expression.js'
import { readCallerExpression } from '../../sql/plan/text/safety.js'
import { type GroupByItem, uniqueItems } from '../group-by-item.js'
import type { ObjectCall } from './object-call.js'
import { readWhereTemplate } from './where-template.js'

/** A filter whose objects are resolved: text with the places of its items. */
export interface BoundFilter {
  /** Equal for filters that say the same. */
  readonly key: string
  readonly text: ExpressionText
  /** By the index of the hole. */
  readonly holes: readonly GroupByItem[]
  /** The items it speaks of, each once. */
  readonly items: readonly GroupByItem[]
  /** Written by the project's author. */
  readonly trusted: boolean
  /** As written, for messages and explanations. */
  readonly template: string
}

/** Longer filters are refused: no person writes them, and reading them costs. */
const MAX_CALLER_FILTER = 20_000

export type FilterFault = { readonly fault: string } | { readonly unresolved: readonly ObjectCall[] }

/** Binds a filter; `resolve` finds the item of a call, or undefined (it then has noted why). */
export function bindFilter(
  template: string,
  trusted: boolean,
  resolve: (call: ObjectCall) => GroupByItem | undefined,
): BoundFilter | FilterFault {
  if (!trusted && template.length > MAX_CALLER_FILTER) return { fault: 'it is too long' }
  const read = readWhereTemplate(template)
  if ('fault' in read) return read
  const holes = read.calls.map(resolve)
  const unresolved = read.calls.filter((_, index) => holes[index] === undefined)
  if (unresolved.length > 0) return { unresolved }
  const text = readText(read.segments, trusted)
  if ('fault' in text) return text
  const items = holes as GroupByItem[]
  return {
    key: text.parts.map((part) => partKey(part, items)).join(''),
    text,
    holes: items,
    items: uniqueItems(items),
    trusted,
    template,
  }
}

function readText(
  segments: Parameters<typeof readCallerExpression>[0],
  trusted: boolean,
): ExpressionText | { readonly fault: string } {
  if (trusted) return readExpression(segments)
  const read = readCallerExpression(segments)
  if ('expression' in read) return read.expression
  return { fault: read.unsafe.text === '' ? read.unsafe.reason : `${read.unsafe.reason}: ${read.unsafe.text}` }
}

function partKey(part: ExpressionText['parts'][number], holes: readonly GroupByItem[]): string {
  if (typeof part === 'string') return part
  if ('hole' in part) return `{${holes[part.hole]?.name}}`
  return 'string' in part ? `'${part.string.replaceAll("'", "''")}'` : part.column
}

export function isBound(result: BoundFilter | FilterFault): result is BoundFilter {
  return 'key' in result
}
