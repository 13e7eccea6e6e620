import { type Ast, as, isAst, kindOf, listOf, nameOf, stringLiteral, unwrapped } from './ast.js'

type Test = (name: string) => boolean

/**
 * A condition on a column's name, as COLUMNS() takes it: `c -> c like 'a%' and c <> 'ab'`. Undefined when it says more
 * than is evaluated here.
 */
export function nameCondition(node: unknown): Test | undefined {
  const inner = unwrapped(node)
  const kind = kindOf(inner)
  const body = kind === undefined ? undefined : as(inner, kind)
  const make = kind === undefined ? undefined : CONDITIONS[kind]
  return body === undefined ? undefined : make?.(body)
}

export function toRegExp(pattern: string): RegExp | undefined {
  const ignoreCase = pattern.startsWith('(?i)')
  try {
    return new RegExp(ignoreCase ? pattern.slice(4) : pattern, ignoreCase ? 'i' : '')
  } catch {
    return undefined
  }
}

const CONDITIONS: Readonly<Record<string, (body: Ast) => Test | undefined>> = {
  and: (body) => both(body, (a, b) => (name) => a(name) && b(name)),
  or: (body) => both(body, (a, b) => (name) => a(name) || b(name)),
  not(body) {
    const test = nameCondition(body['this'])
    return test && ((name) => !test(name))
  },
  like: (body) => byText(body, (text) => matching(likePattern(text), '')),
  ilike: (body) => byText(body, (text) => matching(likePattern(text), 'i')),
  i_like: (body) => byText(body, (text) => matching(likePattern(text), 'i')),
  similar_to: (body) => byText(body, (text) => matching(`^(?:${text})$`, '')),
  glob: (body) => byText(body, (text) => matching(globPattern(text), '')),
  eq: (body) => byText(body, (text) => (name) => name === text),
  neq: (body) => byText(body, (text) => (name) => name !== text),
  contains: (body) => byText(body, (text) => (name) => name.includes(text)),
  starts_with: (body) => byText(body, (text) => (name) => name.startsWith(text)),
  ends_with: (body) => byText(body, (text) => (name) => name.endsWith(text)),
  regexp_like: (body) => byText(body, (text) => matching(text, '')),
  in(body) {
    const list = listOf(body['expressions']).map(stringLiteral)
    if (list.length === 0 || list.includes(undefined)) return undefined
    return (name) => list.includes(name) !== (body['not'] === true)
  },
  function(body) {
    const text = stringLiteral(listOf(body['args'])[1])
    const make = text === undefined ? undefined : CALLS[(nameOf(body['name']) ?? '').toLowerCase()]
    return text === undefined ? undefined : make?.(text)
  },
}

const CALLS: Readonly<Record<string, (text: string) => Test | undefined>> = {
  contains: (text) => (name) => name.includes(text),
  starts_with: (text) => (name) => name.startsWith(text),
  prefix: (text) => (name) => name.startsWith(text),
  ends_with: (text) => (name) => name.endsWith(text),
  suffix: (text) => (name) => name.endsWith(text),
  regexp_matches: (text) => matching(text, ''),
  regexp_full_match: (text) => matching(`^(?:${text})$`, ''),
}

function both(body: Ast, join: (a: Test, b: Test) => Test): Test | undefined {
  const left = nameCondition(body['left'])
  const right = nameCondition(body['right'])
  return left && right && join(left, right)
}

/** The other side of the name, a text. */
function byText(body: Ast, make: (text: string) => Test | undefined): Test | undefined {
  const sides = [body['left'], body['right'], body['this'], body['expression'], body['pattern'], body['prefix']]
  const text = sides.filter(isAst).flatMap((each) => stringLiteral(unwrapped(each)) ?? [])[0]
  return text === undefined ? undefined : make(text)
}

function matching(pattern: string, flags: string): Test | undefined {
  const expression = toRegExp(flags === 'i' ? `(?i)${pattern}` : pattern)
  return expression && ((name) => expression.test(name))
}

function likePattern(text: string): string {
  return `^${literally(text).replaceAll('%', '.*').replaceAll('_', '.')}$`
}

function globPattern(text: string): string {
  return `^${literally(text).replaceAll('\\*', '.*').replaceAll('\\?', '.')}$`
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
