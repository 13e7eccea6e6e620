import { fail } from '../../core/diagnostic.js'
import type { MetricModifier } from '../query/metric-query.js'
import { readModifierText } from './modifier-text.js'

/** Reads a modifier as it stands in a request: words, or an object like `{ kind: 'trailing', count: 7, grain: 'day' }`. */
export function readModifier(json: unknown): MetricModifier {
  if (typeof json === 'string') return readModifierText(json)
  if (typeof json !== 'object' || json === null) return wrong('a modifier', 'a text or an object')
  const fields = json as Readonly<Record<string, unknown>>
  const kind = typeof fields.kind === 'string' ? fields.kind.toLowerCase().replaceAll('_', '-') : undefined
  const period = {
    ...(fields.count === undefined ? {} : { count: number(fields.count) }),
    ...(fields.grain === undefined ? {} : { grain: text(fields.grain) }),
  }
  switch (kind) {
    case 'previous-period':
      return { kind, ...period }
    case 'change':
      return { kind, ...period, ...(fields.percent === true ? { percent: true } : {}) }
    case 'trailing':
      return { kind, ...period, count: number(fields.count) }
    case 'share-of-total':
      return fields.within === undefined ? { kind } : { kind, within: textList(fields.within) }
    default:
      return wrong('kind', 'previous-period, change, trailing or share-of-total')
  }
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : wrong('count', 'a number')
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : wrong('grain', 'a text')
}

function textList(value: unknown): readonly string[] {
  const list = typeof value === 'string' ? [value] : value
  if (!Array.isArray(list)) return wrong('within', 'a list of names')
  return list.map((entry) => (typeof entry === 'string' ? entry : wrong('within', 'a list of names')))
}

function wrong(field: string, expected: string): never {
  fail('semantic', 'query-form', `In a modifier of the query, ${field} must be ${expected}.`)
}
