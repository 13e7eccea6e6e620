import { callValue } from '../../values/access.js'
import { bindArguments } from '../../values/arguments.js'
import { pyError } from '../../values/errors.js'
import { PyIterator } from '../../values/iterate.js'
import { typeName } from '../../values/kinds.js'
import { intArgument } from '../../values/methods/method.js'
import * as py from '../../values/py.js'
import { toRepr, toStr } from '../../values/text.js'
import { tuple } from '../../values/tuple.js'
import type { HostObject, Kwargs, Value } from '../../values/value.js'
import { flagNames, UNICODE } from './flags.js'
import { PyMatch, type Span } from './match.js'
import { expandTemplate } from './replacement.js'
import { type TranslatedPattern, translatePattern } from './translate.js'

/** Python's compiled pattern. */
export class PyPattern implements HostObject {
  readonly [py.typeName] = 're.Pattern'
  readonly #translated: TranslatedPattern
  readonly #search: RegExp
  readonly #anchored: RegExp
  readonly #full: RegExp

  constructor(
    readonly pattern: string,
    bits: number,
  ) {
    this.#translated = translatePattern(pattern, bits)
    const { source, flags } = this.#translated
    this.#search = new RegExp(source, `${flags}dg`)
    this.#anchored = new RegExp(source, `${flags}dy`)
    this.#full = new RegExp(`(?:${source})(?![\\s\\S])`, `${flags}dy`)
  }

  get names(): ReadonlyMap<string, number> {
    return this.#translated.names
  }

  /** The first match at or behind a position, or only there when `anchored`, or of all the text when `full`. */
  find(text: string, how: 'search' | 'anchored' | 'full', from = 0): PyMatch | undefined {
    const regex = how === 'search' ? this.#search : how === 'full' ? this.#full : this.#anchored
    regex.lastIndex = from
    const found = regex.exec(text)
    return found ? this.#match(found, text) : undefined
  }

  *all(text: string): Iterable<PyMatch> {
    // matchAll begins where the last search stopped.
    this.#search.lastIndex = 0
    for (const found of text.matchAll(this.#search)) yield this.#match(found, text)
  }

  #match(found: RegExpExecArray | RegExpMatchArray, text: string): PyMatch {
    const spanOf = (group: number): Span | undefined => {
      const range = found.indices?.[group]
      return range && { text: found[group]!, start: range[0], end: range[1] }
    }
    return new PyMatch(this, text, [0, ...this.#translated.groups].map(spanOf))
  }

  /** `findall`: the matches' text, or their groups. */
  findAll(text: string): Value[] {
    return Array.from(this.all(text), (match) => {
      const groups = match.groups('')
      return groups.length === 0 ? match.whole.text : groups.length === 1 ? groups[0] : tuple(groups)
    })
  }

  /** `subn`: the text with matches replaced, and how many there were. */
  replace(replacement: Value, text: string, count: number): [string, number] {
    let out = ''
    let from = 0
    let replaced = 0
    for (const match of this.all(text)) {
      if (count > 0 && replaced >= count) break
      out += text.slice(from, match.whole.start) + this.#replacementOf(replacement, match)
      from = match.whole.end
      replaced++
    }
    return [out + text.slice(from), replaced]
  }

  #replacementOf(replacement: Value, match: PyMatch): string {
    if (typeof replacement === 'string') return expandTemplate(replacement, this.names, match.spans)
    const result = callValue(replacement, [match], {})
    if (result instanceof Promise) throw pyError('TypeError', 'a function that waits cannot be used here')
    return toStr(result)
  }

  split(text: string, most: number): Value[] {
    const parts: Value[] = []
    let from = 0
    let splits = 0
    for (const match of this.all(text)) {
      if (most > 0 && splits >= most) break
      parts.push(text.slice(from, match.whole.start), ...match.groups())
      from = match.whole.end
      splits++
    }
    parts.push(text.slice(from))
    return parts
  }

  [py.getattr](name: string): Value {
    switch (name) {
      case 'pattern':
        return this.pattern
      case 'flags':
        return this.#translated.bits
      case 'groups':
        return this.#translated.groups.length
      case 'groupindex':
        return new Map<Value, Value>(this.names)
    }
    const method = PATTERN_FUNCTIONS[name]
    return method && ((args, kwargs) => method(this, args, kwargs))
  }

  [py.eq](other: Value): boolean {
    return other instanceof PyPattern && other[py.hash]() === this[py.hash]()
  }

  [py.hash](): string {
    return `pattern${this.#translated.bits}:${this.pattern}`
  }

  [py.str](): string {
    const flags = this.#translated.bits & ~UNICODE
    return `re.compile(${toRepr(this.pattern)}${flags === 0 ? '' : `, ${flagNames(flags)}`})`
  }
}

/** A function of the pattern and the rest of a call's arguments. */
export type PatternFunction = (pattern: PyPattern, args: readonly Value[], kwargs: Kwargs) => Value

function textArgument(value: Value): string {
  if (typeof value === 'string') return value
  throw pyError('TypeError', `expected string or bytes-like object, got '${typeName(value)}'`)
}

function finding(name: string, how: 'search' | 'anchored' | 'full'): PatternFunction {
  return (pattern, args, kwargs) => {
    const [text, from, to] = bindArguments(name, ['string', 'pos', 'endpos'], args, kwargs, { pos: 0, endpos: null })
    const whole = textArgument(text)
    const searched = to === null ? whole : whole.slice(0, intArgument(to))
    return pattern.find(searched, how, intArgument(from)) ?? null
  }
}

function replacing(name: string, result: (text: string, count: number) => Value): PatternFunction {
  return (pattern, args, kwargs) => {
    const [by, text, count] = bindArguments(name, ['repl', 'string', 'count'], args, kwargs, { count: 0 })
    const [out, replaced] = pattern.replace(by, textArgument(text), intArgument(count))
    return result(out, replaced)
  }
}

/** What patterns can do, by method name; the module has functions of the same names. */
export const PATTERN_FUNCTIONS: Readonly<Record<string, PatternFunction>> = {
  search: finding('search', 'search'),
  match: finding('match', 'anchored'),
  fullmatch: finding('fullmatch', 'full'),
  findall: (pattern, args, kwargs) =>
    pattern.findAll(textArgument(bindArguments('findall', ['string'], args, kwargs)[0])),
  finditer: (pattern, args, kwargs) =>
    new PyIterator(
      pattern.all(textArgument(bindArguments('finditer', ['string'], args, kwargs)[0])),
      'callable_iterator',
    ),
  sub: replacing('sub', (text) => text),
  subn: replacing('subn', (text, count) => tuple([text, count])),
  split: (pattern, args, kwargs) => {
    const [text, most] = bindArguments('split', ['string', 'maxsplit'], args, kwargs, { maxsplit: 0 })
    return pattern.split(textArgument(text), intArgument(most))
  },
}
