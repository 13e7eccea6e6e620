import type {
  BinaryOperator,
  CallArguments,
  CallNode,
  CompareOperator,
  Expression,
  FilterNode,
  KeywordArgument,
} from '../ast.js'
import { describeToken, type TokenType } from '../syntax/token.js'
import type { TokenStream } from './token-stream.js'

// Jinja's expression grammar, loosest binding first. `~` binds tighter than `+`, and a filter or test after a unary
// minus applies to the negated value: both are jinja2's rules.

const COMPARISONS: Partial<Record<TokenType, CompareOperator>> = {
  '==': '==',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}
const NO_ARGUMENTS: CallArguments = { args: [], kwargs: [], star: undefined, doubleStar: undefined }

/** An expression; without conditionals where an `if` belongs to what surrounds it (`for x in xs if ...`). */
export function parseExpression(s: TokenStream, withCondition = true): Expression {
  // Most expressions are one operand: it is read first, and the levels of the grammar only when more follows.
  const first = startsOperand(s) ? parseUnary(s, true) : undefined
  if (first && ENDS.has(s.current.type)) return first
  return withCondition ? parseCondition(s, first) : parseOr(s, first)
}

/** What can only follow a whole expression. */
const ENDS: ReadonlySet<TokenType> = new Set<TokenType>([',', ')', ']', '}', ':', '=', 'variable_end', 'block_end'])

function startsOperand(s: TokenStream): boolean {
  return s.is('string') || (s.is('name') && s.current.text !== 'not')
}

export interface TupleRules {
  readonly withCondition?: boolean
  /** A name that ends the tuple: `recursive` after a loop's iterable. */
  readonly endName?: string
  /** `()` is allowed only inside parentheses. */
  readonly explicitParentheses?: boolean
}

/** One expression, or a tuple of them when there are commas. */
export function parseTuple(s: TokenStream, rules: TupleRules = {}): Expression {
  const start = s.current.start
  const items: Expression[] = []
  let isTuple = false
  for (;;) {
    if (items.length > 0) s.expect(',')
    if (isTupleEnd(s, rules.endName)) break
    items.push(parseExpression(s, rules.withCondition ?? true))
    if (!s.is(',')) break
    isTuple = true
  }
  if (!isTuple) {
    if (items[0]) return items[0]
    if (!rules.explicitParentheses) throw s.error(`Expected an expression, got '${describeToken(s.current)}'`)
  }
  return { kind: 'tuple', items, start, end: items.length > 0 ? s.lastEnd : start }
}

/** Whether a comma just read was a trailing one. */
export function isTupleEnd(s: TokenStream, endName?: string): boolean {
  const { type } = s.current
  if (type === 'variable_end' || type === 'block_end' || type === ')') return true
  return endName !== undefined && s.isName(endName)
}

function parseCondition(s: TokenStream, first?: Expression): Expression {
  let result = parseOr(s, first)
  while (s.skipIfName('if')) {
    const test = parseOr(s)
    const otherwise = s.skipIfName('else') ? parseCondition(s) : undefined
    result = { kind: 'condition', test, value: result, otherwise, start: result.start, end: s.lastEnd }
  }
  return result
}

function parseOr(s: TokenStream, first?: Expression): Expression {
  let left = parseAnd(s, first)
  while (s.skipIfName('or')) {
    const right = parseAnd(s)
    left = { kind: 'logical', operator: 'or', left, right, start: left.start, end: right.end }
  }
  return left
}

function parseAnd(s: TokenStream, first?: Expression): Expression {
  let left = parseNot(s, first)
  while (s.skipIfName('and')) {
    const right = parseNot(s)
    left = { kind: 'logical', operator: 'and', left, right, start: left.start, end: right.end }
  }
  return left
}

function parseNot(s: TokenStream, first?: Expression): Expression {
  if (first) return parseCompare(s, first)
  const { start } = s.current
  if (!s.skipIfName('not')) return parseCompare(s)
  const operand = parseNot(s)
  return { kind: 'unary', operator: 'not', operand, start, end: operand.end }
}

function parseCompare(s: TokenStream, first?: Expression): Expression {
  const left = parseSum(s, first)
  let operands: { operator: CompareOperator; value: Expression }[] | undefined
  for (;;) {
    const operator = COMPARISONS[s.current.type]
    if (operator !== undefined) {
      s.next()
      operands = append(operands, { operator, value: parseSum(s) })
    } else if (s.skipIfName('in')) operands = append(operands, { operator: 'in', value: parseSum(s) })
    else if (s.isName('not') && s.look().type === 'name' && s.look().text === 'in') {
      s.next()
      s.next()
      operands = append(operands, { operator: 'not in', value: parseSum(s) })
    } else break
  }
  if (!operands) return left
  return { kind: 'compare', left, operands, start: left.start, end: s.lastEnd }
}

/** Lists are made when they get their first item: most calls lack one kind of argument. */
function append<T>(list: T[] | undefined, item: T): T[] {
  if (!list) return [item]
  list.push(item)
  return list
}

function parseSum(s: TokenStream, first?: Expression): Expression {
  let left = parseConcat(s, first)
  while (s.is('+') || s.is('-')) left = binary(left, s.next().text as BinaryOperator, parseConcat(s))
  return left
}

function parseConcat(s: TokenStream, operand?: Expression): Expression {
  const first = parseProduct(s, operand)
  if (!s.is('~')) return first
  const items = [first]
  while (s.skipIf('~')) items.push(parseProduct(s))
  return { kind: 'concat', items, start: first.start, end: s.lastEnd }
}

function parseProduct(s: TokenStream, first?: Expression): Expression {
  let left = parsePower(s, first)
  while (s.is('*') || s.is('/') || s.is('//') || s.is('%'))
    left = binary(left, s.next().text as BinaryOperator, parsePower(s))
  return left
}

function parsePower(s: TokenStream, first?: Expression): Expression {
  let left = first ?? parseUnary(s, true)
  while (s.skipIf('**')) left = binary(left, '**', parseUnary(s, true))
  return left
}

function binary(left: Expression, operator: BinaryOperator, right: Expression): Expression {
  return { kind: 'binary', operator, left, right, start: left.start, end: right.end }
}

function parseUnary(s: TokenStream, withFilter: boolean): Expression {
  const { type, start } = s.current
  let node: Expression
  if (type === '-' || type === '+') {
    s.next()
    const operand = parseUnary(s, false)
    node = { kind: 'unary', operator: type, operand, start, end: operand.end }
  } else node = parsePrimary(s)
  node = parsePostfix(s, node)
  return withFilter ? parseFilterExpression(s, node) : node
}

/** A name, a literal, or something in brackets. */
export function parsePrimary(s: TokenStream): Expression {
  const token = s.current
  const { start, end } = token
  switch (token.type) {
    case 'name':
      s.next()
      switch (token.text) {
        case 'true':
        case 'True':
          return { kind: 'const', value: true, start, end }
        case 'false':
        case 'False':
          return { kind: 'const', value: false, start, end }
        case 'none':
        case 'None':
          return { kind: 'const', value: null, start, end }
        case 'loop':
        case 'caller':
        case 'kwargs':
        case 'varargs':
          s.implicit[token.text]++
      }
      return { kind: 'name', name: token.text, start, end }
    case 'string': {
      s.next()
      let value = token.text
      while (s.is('string')) value += s.next().text
      return { kind: 'const', value, start, end: s.lastEnd }
    }
    case 'integer':
    case 'float':
      s.next()
      return { kind: 'const', value: token.value, start, end }
    case '(': {
      s.next()
      const inner = parseTuple(s, { explicitParentheses: true })
      s.expect(')')
      return { ...inner, start, end: s.lastEnd }
    }
    case '[':
      return parseList(s)
    case '{':
      return parseDict(s)
    default:
      throw s.error(`unexpected '${describeToken(token)}'`)
  }
}

function parseList(s: TokenStream): Expression {
  const { start } = s.expect('[')
  const items: Expression[] = []
  while (!s.is(']')) {
    if (items.length > 0) s.expect(',')
    if (s.is(']')) break
    items.push(parseExpression(s))
  }
  s.expect(']')
  return { kind: 'list', items, start, end: s.lastEnd }
}

function parseDict(s: TokenStream): Expression {
  const { start } = s.expect('{')
  const items: { key: Expression; value: Expression }[] = []
  while (!s.is('}')) {
    if (items.length > 0) s.expect(',')
    if (s.is('}')) break
    const key = parseExpression(s)
    s.expect(':')
    items.push({ key, value: parseExpression(s) })
  }
  s.expect('}')
  return { kind: 'dict', items, start, end: s.lastEnd }
}

/** Attributes, items and calls after a value. */
export function parsePostfix(s: TokenStream, value: Expression): Expression {
  let node = value
  for (;;) {
    if (s.is('.')) node = parseAttribute(s, node)
    else if (s.is('[')) node = parseSubscript(s, node)
    else if (s.is('(')) node = parseCall(s, node)
    else return node
  }
}

function parseFilterExpression(s: TokenStream, value: Expression): Expression {
  let node = value
  for (;;) {
    if (s.is('|')) node = parseFilters(s, node, false)
    else if (s.isName('is')) node = parseTest(s, node)
    else if (s.is('(')) node = parseCall(s, node)
    else return node
  }
}

function parseAttribute(s: TokenStream, target: Expression): Expression {
  s.expect('.')
  const token = s.next()
  const { start } = target
  if (token.type === 'name') return { kind: 'attribute', target, name: token.text, start, end: token.end }
  if (token.type !== 'integer') throw s.error('expected name or number', token)
  const key: Expression = { kind: 'const', value: token.value, start: token.start, end: token.end }
  return { kind: 'item', target, key, start, end: token.end }
}

function parseSubscript(s: TokenStream, target: Expression): Expression {
  const open = s.expect('[')
  const keys: Expression[] = []
  while (!s.is(']')) {
    if (keys.length > 0) s.expect(',')
    keys.push(parseSubscribed(s))
  }
  s.expect(']')
  const key: Expression =
    keys.length === 1 ? keys[0]! : { kind: 'tuple', items: keys, start: open.end, end: s.lastEnd - 1 }
  return { kind: 'item', target, key, start: target.start, end: s.lastEnd }
}

function parseSubscribed(s: TokenStream): Expression {
  const { start } = s.current
  let from: Expression | undefined
  if (!s.is(':')) {
    const node = parseExpression(s)
    if (!s.is(':')) return node
    from = node
  }
  s.next()
  const to = s.is(':') || s.is(']') || s.is(',') ? undefined : parseExpression(s)
  const step = s.skipIf(':') && !s.is(']') && !s.is(',') ? parseExpression(s) : undefined
  return { kind: 'slice', from, to, step, start, end: s.lastEnd }
}

function parseCall(s: TokenStream, callee: Expression): CallNode {
  const call = parseArguments(s)
  return { kind: 'call', callee, call, start: callee.start, end: s.lastEnd }
}

function parseArguments(s: TokenStream): CallArguments {
  const open = s.expect('(')
  let args: Expression[] | undefined
  let kwargs: KeywordArgument[] | undefined
  let star: Expression | undefined
  let doubleStar: Expression | undefined
  const ensure = (allowed: boolean): void => {
    if (!allowed) throw s.error('invalid syntax for function call expression', open)
  }
  for (let first = true; !s.is(')'); first = false) {
    if (!first) {
      s.expect(',')
      if (s.is(')')) break
    }
    if (s.is('*')) {
      ensure(star === undefined && doubleStar === undefined)
      s.next()
      star = parseExpression(s)
    } else if (s.is('**')) {
      ensure(doubleStar === undefined)
      s.next()
      doubleStar = parseExpression(s)
    } else if (s.is('name') && s.look().type === '=') {
      ensure(doubleStar === undefined)
      const { text, start } = s.next()
      s.next()
      const value = parseExpression(s)
      kwargs = append(kwargs, { name: text, value, start, end: value.end })
    } else {
      ensure(star === undefined && doubleStar === undefined && !kwargs)
      args = append(args, parseExpression(s))
    }
  }
  s.expect(')')
  if (!args && !kwargs && !star && !doubleStar) return NO_ARGUMENTS
  return { args: args ?? NO_ARGUMENTS.args, kwargs: kwargs ?? NO_ARGUMENTS.kwargs, star, doubleStar }
}

/**
 * A chain of filters (`| upper | join(',')`) on `value`; undefined stands for the text of the block the chain heads.
 * With `startInline` the first filter has no `|` before it (`{% filter upper %}`).
 */
export function parseFilters(s: TokenStream, value: Expression, startInline: boolean): Expression
export function parseFilters(s: TokenStream, value: undefined, startInline: boolean): FilterNode | undefined
export function parseFilters(s: TokenStream, value: Expression | undefined, startInline: boolean) {
  let node = value
  for (let inline = startInline; inline || s.is('|'); inline = false) {
    if (!inline) s.next()
    const { start } = s.current
    const name = parseDottedName(s)
    const call = s.is('(') ? parseArguments(s) : NO_ARGUMENTS
    node = { kind: 'filter', target: node, name, call, start: node?.start ?? start, end: s.lastEnd }
  }
  return node
}

function parseDottedName(s: TokenStream): string {
  let name = s.expect('name').text
  while (s.skipIf('.')) name += '.' + s.expect('name').text
  return name
}

function parseTest(s: TokenStream, target: Expression): Expression {
  const { start } = target
  s.expectName('is')
  const negated = s.skipIfName('not')
  const name = parseDottedName(s)
  let call = NO_ARGUMENTS
  if (s.is('(')) call = parseArguments(s)
  else if (startsTestArgument(s)) {
    if (s.isName('is')) throw s.error('You cannot chain multiple tests with is')
    call = { ...NO_ARGUMENTS, args: [parsePostfix(s, parsePrimary(s))] }
  }
  const test: Expression = { kind: 'test', target, name, call, start, end: s.lastEnd }
  return negated ? { kind: 'unary', operator: 'not', operand: test, start, end: s.lastEnd } : test
}

function startsTestArgument(s: TokenStream): boolean {
  switch (s.current.type) {
    case 'name':
      return !s.isName('else') && !s.isName('or') && !s.isName('and')
    case 'string':
    case 'integer':
    case 'float':
    case '[':
    case '{':
      return true
    default:
      return false
  }
}
