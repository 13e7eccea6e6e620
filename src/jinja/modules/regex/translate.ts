import { pyError } from '../../values/errors.js'
import { type ClassContext, translateClass } from './char-class.js'
import { classEscape, escapedCodePoint, literal, WORD } from './escapes.js'
import { ASCII, DOTALL, IGNORECASE, MULTILINE, UNICODE, VERBOSE } from './flags.js'

/** A Python pattern in JavaScript's words. */
export interface TranslatedPattern {
  readonly source: string
  /** For RegExp: `v` always, `i` where asked. */
  readonly flags: string
  /** Python's flag bits, with those set inside the pattern. */
  readonly bits: number
  /** JS group number of each Python group, from 1. */
  readonly groups: readonly number[]
  /** Python group numbers by name. */
  readonly names: ReadonlyMap<string, number>
}

const INLINE_FLAGS: Readonly<Record<string, number>> = {
  a: ASCII,
  i: IGNORECASE,
  m: MULTILINE,
  s: DOTALL,
  u: UNICODE,
  x: VERBOSE,
  L: 4,
}

/** Translates a pattern of Python's `re`. Throws `re.error`s with Python's words. */
export function translatePattern(pattern: string, bits: number): TranslatedPattern {
  return new Translator(pattern, bits).run()
}

class Translator {
  #at = 0
  #bits: number
  /** Whether the whole expression ignores case; groups that do so alone spell both cases out. */
  #ignoreCase: boolean
  #jsGroups = 0
  readonly #groups: number[] = []
  readonly #names = new Map<string, number>()
  readonly #open: { at: number; bits: number }[] = []

  constructor(
    private readonly pattern: string,
    bits: number,
  ) {
    this.#bits = bits | this.#leadingFlags()
    this.#ignoreCase = (this.#bits & IGNORECASE) !== 0
  }

  run(): TranslatedPattern {
    const { bits } = { bits: this.#bits }
    const source = this.#alternatives()
    if (this.#at < this.pattern.length) throw this.#error('unbalanced parenthesis', this.#at)
    return {
      source,
      flags: this.#ignoreCase ? 'iv' : 'v',
      bits: bits & ASCII ? bits : bits | UNICODE,
      groups: this.#groups,
      names: this.#names,
    }
  }

  /** `(?i)` at the very beginning holds for the whole pattern. */
  #leadingFlags(): number {
    let bits = 0
    for (;;) {
      const match = /^\(\?([aiLmsux]+)\)/.exec(this.pattern.slice(this.#at))
      if (!match) return bits
      for (const letter of match[1]!) bits |= INLINE_FLAGS[letter]!
      this.#at += match[0].length
    }
  }

  #error(message: string, at: number): Error {
    return pyError('ReError', `${message} at position ${at}`)
  }

  #alternatives(): string {
    let out = this.#sequence()
    while (this.pattern[this.#at] === '|') {
      this.#at++
      out += `|${this.#sequence()}`
    }
    return out
  }

  #sequence(): string {
    let out = ''
    for (;;) {
      this.#skipVerbose()
      const character = this.pattern[this.#at]
      if (character === undefined || character === '|' || character === ')') return out
      out += this.#quantified(this.#atom())
    }
  }

  #skipVerbose(): void {
    if (!(this.#bits & VERBOSE)) return
    const match = /^(?:\s|#[^\n]*)+/.exec(this.pattern.slice(this.#at))
    if (match) this.#at += match[0].length
  }

  /** One atom, or undefined where the source gives nothing to repeat (flags, comments). */
  #atom(): string | undefined {
    const character = String.fromCodePoint(this.pattern.codePointAt(this.#at)!)
    switch (character) {
      case '(':
        return this.#group()
      case '[':
        return this.#class()
      case '\\':
        return this.#escape()
      case '.':
        this.#at++
        return this.#bits & DOTALL ? '[\\s\\S]' : '[^\\n]'
      case '^':
        this.#at++
        return this.#bits & MULTILINE ? '(?<![^\\n])' : '(?<![\\s\\S])'
      case '$':
        this.#at++
        return this.#bits & MULTILINE ? '(?=\\n|(?![\\s\\S]))' : '(?=\\n?(?![\\s\\S]))'
      case '*':
      case '+':
      case '?':
        throw this.#error('nothing to repeat', this.#at)
      default:
        this.#at += character.length
        return this.#literal(character)
    }
  }

  #literal(character: string): string {
    if (!(this.#bits & IGNORECASE) || this.#ignoreCase) return literal(character)
    const [lower, upper] = [character.toLowerCase(), character.toUpperCase()]
    return lower === upper ? literal(character) : `[${literal(lower)}${literal(upper)}]`
  }

  #quantified(atom: string | undefined): string {
    this.#skipVerbose()
    const rest = this.pattern.slice(this.#at)
    const match = /^(?:[*+?]|\{\d+\}|\{\d*,\d*\})/.exec(rest)
    if (atom === undefined || !match || match[0] === '{,}') return atom ?? ''
    if (atom === '') throw this.#error('nothing to repeat', this.#at)
    const brace = this.#at
    this.#at += match[0].length
    const [low, high] = /^\{(\d*),(\d*)\}$/.exec(match[0])?.slice(1) ?? []
    if (low && high && Number(low) > Number(high)) throw this.#error('min repeat greater than max repeat', brace + 1)
    const counted = match[0].replace(/^\{,/, '{0,')
    const mode = this.pattern[this.#at]
    const isLookaround = /^\(\?<?[=!]/.test(atom)
    const repeated = `${isLookaround ? `(?:${atom})` : atom}${counted}`
    if (mode === '?') {
      this.#at++
      return `${repeated}?`
    }
    if (mode === '+') {
      this.#at++
      return this.#atomic(repeated)
    }
    if (/^(?:[*]|\{\d+\}|\{\d*,\d+\})/.test(this.pattern.slice(this.#at)))
      throw this.#error('multiple repeat', this.#at)
    return repeated
  }

  /** A group that never gives back: what a lookahead caught is taken as it is. */
  #atomic(source: string): string {
    const name = `_a${++this.#jsGroups}`
    return `(?=(?<${name}>${source}))\\k<${name}>`
  }

  #group(): string | undefined {
    const start = this.#at
    const rest = this.pattern.slice(start)
    const comment = /^\(\?#[^)]*\)/.exec(rest)
    if (comment) {
      this.#at += comment[0].length
      return undefined
    }
    const backReference = /^\(\?P=(\w+)\)/.exec(rest)
    if (backReference) {
      this.#at += backReference[0].length
      return this.#reference(this.#names.get(backReference[1]!), `unknown group name '${backReference[1]}'`, start + 4)
    }
    const flags = /^\(\?([aiLmsux]*)(?:-([imsx]+))?([:)])/.exec(rest)
    if (flags && (flags[1] !== '' || flags[2] !== undefined)) return this.#flagGroup(flags, start)
    const opening = /^\((?:\?:|\?=|\?!|\?<=|\?<!|\?>|\?P<([^\W\d]\w*)>)?/.exec(rest)!
    if (opening[0] === '(' && rest[1] === '?') throw this.#badExtension(rest, start)
    this.#at += opening[0].length
    if (opening[0] === '(?>') return this.#atomic(this.#inside(start, this.#bits))
    if (opening[0] !== '(' && opening[1] === undefined) return `${opening[0]}${this.#inside(start, this.#bits)})`
    this.#groups.push(++this.#jsGroups)
    if (opening[1] !== undefined) this.#nameGroup(opening[1], start)
    return `(${this.#inside(start, this.#bits)})`
  }

  #badExtension(rest: string, start: number): Error {
    const extension = rest.slice(1, rest[2] === 'P' || rest[2] === '<' ? 4 : 3)
    return this.#error(`unknown extension ${extension}`, start + 1)
  }

  #nameGroup(name: string, start: number): void {
    const known = this.#names.get(name)
    if (known !== undefined) {
      const message = `redefinition of group name '${name}' as group ${this.#groups.length}; was group ${known}`
      throw this.#error(message, start + 4)
    }
    this.#names.set(name, this.#groups.length)
  }

  /** The contents of the group that began at `start`, up to and over its `)`. */
  #inside(start: number, bits: number): string {
    this.#open.push({ at: start, bits: this.#bits })
    this.#bits = bits
    const source = this.#alternatives()
    if (this.pattern[this.#at] !== ')') throw this.#error('missing ), unterminated subpattern', start)
    this.#at++
    this.#bits = this.#open.pop()!.bits
    return source
  }

  #flagGroup([text, on = '', off = '', end]: RegExpExecArray, start: number): string | undefined {
    if (end === ')') throw this.#error('global flags not at the start of the expression', start)
    let bits = this.#bits
    for (const letter of on) bits |= INLINE_FLAGS[letter]!
    for (const letter of off) bits &= ~INLINE_FLAGS[letter]!
    this.#at += text.length
    return `(?:${this.#inside(start, bits)})`
  }

  #reference(group: number | undefined, message: string, at: number): string {
    const js = group === undefined ? undefined : this.#groups[group - 1]
    if (js === undefined) throw this.#error(message, at)
    return `(?:\\${js})`
  }

  #class(): string {
    const context: ClassContext = {
      ascii: (this.#bits & ASCII) !== 0,
      bothCases: (this.#bits & IGNORECASE) !== 0 && !this.#ignoreCase,
      error: (message, at) => this.#error(message, at),
    }
    const { source, end } = translateClass(this.pattern, this.#at, context)
    this.#at = end
    return source
  }

  #escape(): string {
    const start = this.#at
    const letter = this.pattern[start + 1]
    if (letter === undefined) throw this.#error('bad escape (end of pattern)', start)
    const ascii = (this.#bits & ASCII) !== 0
    const word = ascii ? '[A-Za-z0-9_]' : `[${WORD}]`
    this.#at += 2
    switch (letter) {
      case 'A':
        return '(?<![\\s\\S])'
      case 'Z':
        return '(?![\\s\\S])'
      case 'b':
        return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
      case 'B':
        return `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`
    }
    const shorthand = classEscape(letter, ascii)
    if (shorthand !== undefined) return shorthand
    const digits = /^[1-9]\d?/.exec(this.pattern.slice(start + 1))
    if (digits && !/^[0-3][0-7]{2}/.test(this.pattern.slice(start + 1))) {
      this.#at = start + 1 + digits[0].length
      return this.#reference(Number(digits[0]), `invalid group reference ${digits[0]}`, start + 1)
    }
    const escaped = escapedCodePoint(this.pattern, start, (message) => this.#error(message, start))
    this.#at = escaped.end
    return this.#literal(escaped.character)
  }
}
