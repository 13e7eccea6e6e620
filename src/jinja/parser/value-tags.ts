import type { MacroParam, Statement } from '../ast.js'
import { parseBodyUntil, type TagParser } from './body.js'
import { parseExpression, parseFilters, parseTuple } from './expressions.js'
import { parseSignature } from './signature.js'
import { parseTarget } from './targets.js'

export const parseSet: TagParser = (p) => {
  const s = p.stream
  const { start } = s.next()
  const target = parseTarget(s, { namespace: true })
  if (s.skipIf('=')) {
    const value = parseTuple(s)
    return { kind: 'set', target, value, start, end: s.lastEnd }
  }
  const filter = parseFilters(s, undefined, false)
  const body = parseBodyUntil(p, 'endset').statements
  return { kind: 'set-block', target, filter, body, start, end: s.lastEnd }
}

export const parseDo: TagParser = (p) => {
  const { start } = p.stream.next()
  const value = parseTuple(p.stream)
  return { kind: 'do', value, start, end: p.stream.lastEnd }
}

export const parsePrint: TagParser = (p) => {
  const s = p.stream
  const { start } = s.next()
  const outputs: Statement[] = []
  while (!s.is('block_end')) {
    if (outputs.length > 0) s.expect(',')
    const value = parseExpression(s)
    outputs.push({ kind: 'output', value, start, end: s.lastEnd })
  }
  return outputs
}

export const parseCallBlock: TagParser = (p) => {
  const s = p.stream
  const tag = s.next()
  const params: readonly MacroParam[] = s.is('(') ? parseSignature(s) : []
  const call = parseExpression(s)
  if (call.kind !== 'call') throw s.error('expected call', tag)
  const { statements: body, reads } = parseBodyUntil(p, 'endcall')
  return { kind: 'call-block', params, call, body, reads, start: tag.start, end: s.lastEnd }
}

export const parseFilterBlock: TagParser = (p) => {
  const s = p.stream
  const { start } = s.next()
  const filter = parseFilters(s, undefined, true)
  if (!filter) throw s.error('expected a filter')
  const body = parseBodyUntil(p, 'endfilter').statements
  return { kind: 'filter-block', filter, body, start, end: s.lastEnd }
}
