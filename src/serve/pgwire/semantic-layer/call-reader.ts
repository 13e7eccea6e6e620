import { refuse, SQLSTATE } from '../protocol/wire-error.js'

/** What stands in a call: literals and more calls. */
export type CallValue = string | number | boolean | null | readonly CallValue[] | ObjectExpression

/** `Dimension('metric_time').grain('month')`: an object with what is called on it. */
export interface ObjectExpression {
  readonly name: string
  readonly args: CallArguments
  readonly methods: readonly { readonly name: string; readonly args: CallArguments }[]
}

export interface CallArguments {
  readonly positional: readonly CallValue[]
  readonly named: ReadonlyMap<string, CallValue>
}

export function isObject(value: CallValue | undefined): value is ObjectExpression {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads one object expression that fills the whole text. @throws WireError `42601`. */
export function readCall(text: string, location?: number): ObjectExpression {
  const reader = new CallReader(text, location)
  const call = reader.object()
  reader.end()
  return call
}

/** Reads the arguments that begin with the parenthesis at `start`. Answers them and where they end. */
export function readArguments(text: string, start: number, location?: number): { args: CallArguments; end: number } {
  const reader = new CallReader(text, location, start)
  const args = reader.args()
  return { args, end: reader.at }
}

/**
 * A cursor over calls in Python's form, as the semantic layer's drivers write them. Literals only: nothing is
 * evaluated. SQL's own forms of the same are read too: `name => value`, `ARRAY['a']`, `''` in a string.
 */
class CallReader {
  at: number
  readonly #text: string
  readonly #location: number | undefined
  #depth = 0

  constructor(text: string, location: number | undefined, start = 0) {
    this.#text = text
    this.#location = location
    this.at = start
  }

  #fail(): never {
    const rest = this.#text.slice(this.at, this.at + 30).trim()
    return refuse(
      SQLSTATE.syntaxError,
      rest === ''
        ? 'the call of semantic_layer ends too early'
        : `syntax error in a call of semantic_layer at "${rest}"`,
      {
        location:
          this.#location === undefined ? undefined : this.#location + Buffer.byteLength(this.#text.slice(0, this.at)),
      },
    )
  }

  #match(pattern: RegExp): string | undefined {
    while (/\s/.test(this.#text[this.at] ?? '')) this.at++
    pattern.lastIndex = this.at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.at += found.length
    return found
  }

  #take(sign: string): boolean {
    while (/\s/.test(this.#text[this.at] ?? '')) this.at++
    if (!this.#text.startsWith(sign, this.at)) return false
    this.at += sign.length
    return true
  }

  end(): void {
    while (/\s/.test(this.#text[this.at] ?? '')) this.at++
    if (this.at < this.#text.length) this.#fail()
  }

  object(): ObjectExpression {
    const name = this.#match(/[A-Za-z_]\w*/y) ?? this.#fail()
    const args = this.args()
    const methods: { name: string; args: CallArguments }[] = []
    while (this.#take('.')) {
      const method = this.#match(/[A-Za-z_]\w*/y) ?? this.#fail()
      methods.push({ name: method, args: this.args() })
    }
    return { name, args, methods }
  }

  args(): CallArguments {
    if (!this.#take('(') || ++this.#depth > 20) this.#fail()
    const positional: CallValue[] = []
    const named = new Map<string, CallValue>()
    while (!this.#take(')')) {
      const name = this.#match(/[A-Za-z_]\w*(?=\s*(?:=>|:=|=(?!=)))/y)
      if (name !== undefined) this.#match(/=>|:=|=/y)
      const value = this.#value()
      if (name !== undefined) named.set(name.toLowerCase(), value)
      else if (named.size > 0) this.#fail()
      else positional.push(value)
      if (this.#take(',')) continue
      if (!this.#take(')')) this.#fail()
      break
    }
    this.#depth--
    return { positional, named }
  }

  #value(): CallValue {
    const string = this.#match(/'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.)*"/sy)
    if (string !== undefined) return string.slice(1, -1).replaceAll("''", "'").replaceAll(/\\(.)/gs, '$1')
    const number = this.#match(/-?\d+(?:\.\d+)?/y)
    if (number !== undefined) return Number(number)
    const word = this.#match(/(?:true|false|none|null)\b/iy)?.toLowerCase()
    if (word !== undefined) return word === 'none' || word === 'null' ? null : word === 'true'
    this.#match(/array(?=\s*\[)/iy)
    if (this.#take('[')) return this.#list(']')
    if (this.#take('(')) return this.#list(')')
    return this.object()
  }

  #list(end: string): CallValue {
    if (++this.#depth > 20) this.#fail()
    const values: CallValue[] = []
    while (!this.#take(end)) {
      values.push(this.#value())
      if (this.#take(',')) continue
      if (!this.#take(end)) this.#fail()
      break
    }
    this.#depth--
    return values
  }
}
