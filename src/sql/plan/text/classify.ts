import { isSignificant, type SqlToken } from './tokens.js'
import {
  CAST_FUNCTIONS,
  NILADIC_FUNCTIONS,
  RESERVED_WORDS,
  SCOPED_WORDS,
  TIME_UNITS,
  TYPED_LITERALS,
  UNIT_FUNCTIONS,
} from './words.js'

/** What a word or quoted name is in its place. */
export type WordRole = 'column' | 'field' | 'function' | 'keyword' | 'type' | 'unit'

/** An expression with every word's part in it. `certain` is false when some construct hides what is a column. */
export interface ClassifiedSql {
  readonly tokens: readonly SqlToken[]
  /** By position in `tokens`; present for `word` and `quoted` tokens. */
  readonly roles: ReadonlyMap<number, WordRole>
  readonly certain: boolean
}

interface OpenParen {
  readonly callee: string | undefined
}

/**
 * Tells columns from functions, keywords, types and units. `known` names are columns whatever they look like
 * (metrics in the expression of a derived metric may be called `date`).
 */
export function classifySql(tokens: readonly SqlToken[], known: ReadonlySet<string> = new Set()): ClassifiedSql {
  const roles = new Map<number, WordRole>()
  const places = tokens.flatMap((token, index) => (isSignificant(token) ? [index] : []))
  const parens: OpenParen[] = []
  let certain = true

  const at = (position: number): SqlToken | undefined => {
    const place = places[position]
    return place === undefined ? undefined : tokens[place]
  }
  const wordAt = (position: number): string | undefined => {
    const token = at(position)
    return token?.kind === 'word' ? token.text.toLowerCase() : undefined
  }

  for (let position = 0; position < places.length; position++) {
    const index = places[position]!
    const token = tokens[index]!
    const before = at(position - 1)
    const after = at(position + 1)

    if (token.kind === 'operator') {
      if (token.text === '(') {
        const callee =
          before?.kind === 'word' && roles.get(places[position - 1]!) === 'function' ? before.text : undefined
        parens.push({ callee: callee?.toLowerCase() })
      } else if (token.text === ')') {
        if (parens.pop() === undefined) certain = false
      } else if (token.text === '->' || token.text === '->>' || token.text === '=>') {
        certain = false
      } else if (token.text === '::') {
        position = markType(position + 1)
      }
      continue
    }
    if (token.kind === 'unknown') {
      certain = false
      continue
    }
    if (token.kind === 'quoted') {
      roles.set(index, isText(before, '.') ? 'field' : 'column')
      continue
    }
    if (token.kind !== 'word') continue

    const word = token.text.toLowerCase()
    const callee = parens.at(-1)?.callee
    if (isText(before, '.')) {
      roles.set(index, isText(after, '(') ? 'function' : 'field')
    } else if (known.has(word) && !isText(after, '(')) {
      roles.set(index, 'column')
    } else if (SCOPED_WORDS.has(word)) {
      roles.set(index, 'keyword')
      certain = false
    } else if (word === 'as' && callee !== undefined && CAST_FUNCTIONS.has(callee)) {
      roles.set(index, 'keyword')
      position = markType(position + 1)
    } else if (word === 'as') {
      roles.set(index, 'keyword')
      certain = false
    } else if (RESERVED_WORDS.has(word)) {
      roles.set(index, 'keyword')
    } else if (word === 'filter' && isText(after, '(')) {
      roles.set(index, 'keyword')
    } else if (TYPED_LITERALS.has(word) && (after?.kind === 'string' || (word === 'interval' && after !== undefined))) {
      roles.set(index, 'keyword')
      if (word === 'interval') markIntervalUnit(position)
    } else if (isText(after, '(')) {
      roles.set(index, 'function')
    } else if (roles.has(index)) {
      // an interval's unit, marked when its INTERVAL was seen
    } else if (NILADIC_FUNCTIONS.has(word)) {
      roles.set(index, 'keyword')
    } else if (word === 'nulls' || wordAt(position - 1) === 'nulls') {
      roles.set(index, 'keyword')
    } else if (wordAt(position - 1) === 'similar' || word === 'at' || isZone(position)) {
      roles.set(index, 'keyword')
    } else if (callee === 'extract' && wordAt(position + 1) === 'from') {
      roles.set(index, 'unit')
    } else if (callee !== undefined && UNIT_FUNCTIONS.has(callee) && TIME_UNITS.has(word)) {
      roles.set(index, 'unit')
    } else if (
      (callee === 'trim' && /^(both|leading|trailing)$/.test(word)) ||
      (callee === 'substring' && word === 'for')
    ) {
      roles.set(index, 'keyword')
    } else {
      roles.set(index, 'column')
    }
  }
  return { tokens, roles, certain: certain && parens.length === 0 }

  /** `AT TIME ZONE 'UTC'` */
  function isZone(position: number): boolean {
    const word = wordAt(position)
    return (
      (word === 'time' && wordAt(position - 1) === 'at') ||
      (word === 'zone' && wordAt(position - 1) === 'time' && wordAt(position - 2) === 'at')
    )
  }

  /** `INTERVAL 3 days`, `INTERVAL '3' day`: marks the unit, if one stands there. */
  function markIntervalUnit(position: number): void {
    const unit = wordAt(position + 2)
    if (unit !== undefined && TIME_UNITS.has(unit)) roles.set(places[position + 2]!, 'unit')
    else if (at(position + 1)?.kind !== 'string') certain = false
  }

  /** Marks a type name from `position` on; returns the position of its last token. */
  function markType(position: number): number {
    const word = wordAt(position)
    if (word === undefined) {
      certain = false
      return position - 1
    }
    roles.set(places[position]!, 'type')
    let last = position
    const take = (...words: string[]): void => {
      if (words.every((expected, offset) => wordAt(last + 1 + offset) === expected)) {
        for (let offset = 1; offset <= words.length; offset++) roles.set(places[last + offset]!, 'type')
        last += words.length
      }
    }
    if (word === 'double') take('precision')
    if (word === 'character') take('varying')
    if (isText(at(last + 1), '(')) {
      while (at(last + 1) !== undefined && !isText(at(last), ')')) last++
    }
    if (word === 'timestamp' || word === 'time') {
      take('with', 'time', 'zone')
      take('without', 'time', 'zone')
    }
    while (isText(at(last + 1), '[') && isText(at(last + 2), ']')) last += 2
    return last
  }
}

function isText(token: SqlToken | undefined, text: string): boolean {
  return token?.kind === 'operator' && token.text === text
}
