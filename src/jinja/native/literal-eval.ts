import { unescapeString } from '../syntax/string-literal.js'
import { unaryOperation } from '../values/arithmetic.js'
import { PyFloat } from '../values/float.js'
import { mappingSet } from '../values/mapping.js'
import { PySet } from '../values/set.js'
import { tuple } from '../values/tuple.js'
import type { Value } from '../values/value.js'

/** What Python's `ast.literal_eval` makes of a text: the value of a literal, or undefined when it is none. */
export function literalEval(text: string): { value: Value } | undefined {
  const reader = new LiteralReader(text.replace(/^[ \t]+/, ''))
  const value = reader.tupleOrValue()
  return value !== undefined && reader.atEnd() ? { value: value.value } : undefined
}

type Read = { value: Value } | undefined

const SPACE = /(?:[ \t\r\n\f]|#[^\n]*)*/y
const NUMBER = /(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y
const STRING =
  /([rRbBuU]{0,2})('''[\s\S]*?'''|"""[\s\S]*?"""|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'|"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*")/y
const WORD = /[A-Za-z_][A-Za-z_0-9]*/y
const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['True', true],
  ['False', false],
  ['None', null],
])

class LiteralReader {
  #at = 0

  constructor(private readonly text: string) {}

  atEnd(): boolean {
    this.#space()
    return this.#at >= this.text.length
  }

  /** A value, or a tuple without parentheses: `1, 2`. */
  tupleOrValue(): Read {
    const first = this.#value()
    if (!first || !this.#skip(',')) return first
    const items = [first.value]
    while (!this.atEnd() && !this.#looksAt(')')) {
      const next = this.#value()
      if (!next) return undefined
      items.push(next.value)
      if (!this.#skip(',')) break
    }
    return { value: tuple(items) }
  }

  #value(): Read {
    this.#space()
    const character = this.text[this.#at]
    if (character === undefined) return undefined
    if (character === '-' || character === '+') {
      this.#at++
      const operand = this.#value()
      const isNumber = typeof operand?.value === 'number' || typeof operand?.value === 'bigint'
      if (!operand || !(isNumber || operand.value instanceof PyFloat)) return undefined
      return { value: unaryOperation(character, operand.value) }
    }
    if (character === '[') return this.#list(']', (items) => items)
    if (character === '(') return this.#parenthesised()
    if (character === '{') return this.#braces()
    return this.#string() ?? this.#number() ?? this.#word()
  }

  #parenthesised(): Read {
    this.#at++
    if (this.#skip(')')) return { value: tuple([]) }
    const inner = this.tupleOrValue()
    return inner && this.#skip(')') ? inner : undefined
  }

  #list(close: string, make: (items: Value[]) => Value): Read {
    this.#at++
    const items: Value[] = []
    while (!this.#skip(close)) {
      const item = this.#value()
      if (!item) return undefined
      items.push(item.value)
      if (!this.#skip(',') && !this.#looksAt(close)) return undefined
    }
    return { value: make(items) }
  }

  #braces(): Read {
    const start = this.#at
    this.#at++
    if (this.#skip('}')) return { value: new Map() }
    const first = this.#value()
    if (!first) return undefined
    const isDict = this.#looksAt(':')
    this.#at = start
    return isDict ? this.#dict() : this.#list('}', (items) => new PySet(items))
  }

  #dict(): Read {
    this.#at++
    const map = new Map<Value, Value>()
    while (!this.#skip('}')) {
      const key = this.#value()
      if (!key || !this.#skip(':')) return undefined
      const value = this.#value()
      if (!value) return undefined
      mappingSet(map, key.value, value.value)
      if (!this.#skip(',') && !this.#looksAt('}')) return undefined
    }
    return { value: map }
  }

  #string(): Read {
    let text: string | undefined
    for (;;) {
      const found = this.#match(STRING)
      if (!found) return text === undefined ? undefined : { value: text }
      const [, prefix = '', quoted = ''] = found
      if (/b/i.test(prefix)) return undefined
      const marks = quoted.startsWith("'''") || quoted.startsWith('"""') ? 3 : 1
      const body = quoted.slice(marks, -marks)
      const value = /r/i.test(prefix) ? body : unescapeString(body)
      if (typeof value !== 'string') return undefined
      text = (text ?? '') + value
    }
  }

  #number(): Read {
    const found = this.#match(NUMBER)
    if (!found) return undefined
    const digits = found[0].replaceAll('_', '')
    if (/^0[xXoObB]/.test(digits)) return { value: intOf(digits) }
    if (/[.eE]/.test(digits)) return { value: new PyFloat(Number(digits)) }
    return /^0+[1-9]/.test(digits) ? undefined : { value: intOf(digits) }
  }

  #word(): Read {
    const found = this.#match(WORD)
    if (found?.[0] === 'set') return this.#skip('(') && this.#skip(')') ? { value: new PySet() } : undefined
    const value = found ? CONSTANTS.get(found[0]) : undefined
    return value === undefined ? undefined : { value }
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    this.#space()
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.text)
    if (found) this.#at = pattern.lastIndex
    return found
  }

  #space(): void {
    SPACE.lastIndex = this.#at
    SPACE.test(this.text)
    this.#at = SPACE.lastIndex
  }

  #looksAt(character: string): boolean {
    this.#space()
    return this.text[this.#at] === character
  }

  #skip(character: string): boolean {
    if (!this.#looksAt(character)) return false
    this.#at++
    return true
  }
}

function intOf(digits: string): number | bigint {
  const value = Number(digits)
  return Number.isSafeInteger(value) ? value : BigInt(digits)
}
