import type { Expression, Statement, Target } from '../ast.js'
import { type ParseState, parseBody, parseBodyUntil, type TagBody, type TagParser } from './body.js'
import { parseExpression, parseTuple } from './expressions.js'
import { parseTarget } from './targets.js'

export const parseIf: TagParser = (p) => {
  const s = p.stream
  const { start } = s.next()
  const branches: { test: Expression; body: readonly Statement[] }[] = []
  for (;;) {
    const test = parseTuple(s, { withCondition: false })
    branches.push({ test, body: parseBody(p, ['elif', 'else', 'endif']).statements })
    const end = s.next().text
    if (end === 'elif') continue
    const otherwise = end === 'else' ? parseBodyUntil(p, 'endif').statements : []
    return { kind: 'if', branches, otherwise, start, end: s.lastEnd }
  }
}

export const parseFor: TagParser = (p) => {
  const s = p.stream
  const { start } = s.next()
  const target = parseTarget(s, { endName: 'in' })
  s.expectName('in')
  const iterable = parseTuple(s, { withCondition: false, endName: 'recursive' })
  const test = s.skipIfName('if') ? parseExpression(s) : undefined
  const recursive = s.skipIfName('recursive')
  const { statements: body, reads } = parseBody(p, ['endfor', 'else'])
  const otherwise = s.next().text === 'else' ? parseBodyUntil(p, 'endfor').statements : []
  return {
    kind: 'for',
    target,
    iterable,
    test,
    recursive,
    usesLoop: reads.loop,
    body,
    otherwise,
    start,
    end: s.lastEnd,
  }
}

export const parseLoopControl: TagParser = (p) => {
  const { text, start, end } = p.stream.next()
  return { kind: text === 'break' ? 'break' : 'continue', start, end }
}

export const parseWith: TagParser = (p) => {
  const s = p.stream
  const { start } = s.next()
  const bindings: { target: Target; value: Expression }[] = []
  while (!s.is('block_end')) {
    if (bindings.length > 0) s.expect(',')
    const target = parseTarget(s)
    s.expect('=')
    bindings.push({ target, value: parseExpression(s) })
  }
  const body = parseBodyUntil(p, 'endwith').statements
  return { kind: 'with', bindings, body, start, end: s.lastEnd }
}

export const parseBlock: TagParser = (p) => {
  const s = p.stream
  const { start } = s.next()
  const name = s.expect('name').text
  if (s.is('-'))
    throw s.error(
      'Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.',
    )
  s.skipIfName('scoped')
  s.skipIfName('required')
  const body: TagBody = parseBodyUntil(p, 'endblock')
  s.skipIfName(name)
  return { kind: 'block', name, body: body.statements, start, end: s.lastEnd }
}

/** `include`, `import`, `from`, `extends`: dbt's environment has nothing to load templates from. */
export const refuseLoading: TagParser = (p: ParseState) => {
  const { text } = p.stream.current
  throw p.stream.error(
    'no loader for this environment specified',
    p.stream.current,
    `'${text}' cannot load other templates; call a macro instead, every macro of the project has a name`,
  )
}

export const refuseAutoescape: TagParser = (p: ParseState) => {
  throw p.stream.error("'autoescape' is not supported", p.stream.current, "escape single values with the filter 'e'")
}
