import type { NameNode, Target } from '../ast.js'
import { describeToken } from '../syntax/token.js'
import { isTupleEnd, parsePrimary } from './expressions.js'
import type { TokenStream } from './token-stream.js'

export interface TargetRules {
  /** `ns.attr` may be assigned to (`set`, not `for`). */
  readonly namespace?: boolean
  /** The name behind the target: `in`. */
  readonly endName?: string
}

const CONSTANTS = new Set(['true', 'false', 'none', 'True', 'False', 'None'])

/** What is assigned to: a name, `ns.attr`, or a tuple of those. */
export function parseTarget(s: TokenStream, rules: TargetRules = {}): Target {
  const { start } = s.current
  const items: Target[] = []
  let isTuple = false
  for (;;) {
    if (items.length > 0) s.expect(',')
    if (isTupleEnd(s, rules.endName)) break
    items.push(parseSingleTarget(s, rules))
    if (!s.is(',')) break
    isTuple = true
  }
  if (!isTuple) {
    if (items[0]) return items[0]
    throw s.error(`Expected an expression, got '${describeToken(s.current)}'`)
  }
  return { kind: 'tuple-target', items, start, end: s.lastEnd }
}

function parseSingleTarget(s: TokenStream, rules: TargetRules): Target {
  const { start } = s.current
  if (s.is('name') && !CONSTANTS.has(s.current.text)) {
    const name = s.next()
    if (!rules.namespace || !s.skipIf('.')) return { kind: 'name', name: name.text, start, end: name.end }
    const attribute = s.expect('name')
    return { kind: 'namespace-target', name: name.text, attribute: attribute.text, start, end: attribute.end }
  }
  if (s.skipIf('(')) {
    const inner = parseTarget(s)
    s.expect(')')
    return { ...inner, start, end: s.lastEnd }
  }
  const value = parsePrimary(s)
  throw s.error(`can't assign to '${value.kind}'`, value)
}

/** A name that a tag defines: a macro's, a parameter's. */
export function parseNameTarget(s: TokenStream): NameNode {
  const name = s.expect('name')
  if (CONSTANTS.has(name.text)) throw s.error("can't assign to 'name'", name)
  return { kind: 'name', name: name.text, start: name.start, end: name.end }
}
