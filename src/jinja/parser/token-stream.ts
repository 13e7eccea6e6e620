import type { PlumbError } from '../../core/diagnostic.js'
import { Lexer } from '../syntax/lexer.js'
import { type SourceText, syntaxError } from '../syntax/source-text.js'
import { describeToken, describeType, type Token, type TokenType } from '../syntax/token.js'

/** Names a loop or macro body has without anyone declaring them. */
export type ImplicitName = 'loop' | 'caller' | 'kwargs' | 'varargs'

/** The tokens of one template under the parser's eyes: the current one, and one more when looked at. */
export class TokenStream {
  readonly text: SourceText
  readonly #lexer: Lexer
  #ahead: Token | undefined
  current: Token
  /** How often the names that exist without being declared were read so far. */
  readonly implicit: Record<ImplicitName, number> = { loop: 0, caller: 0, kwargs: 0, varargs: 0 }
  /** Where the last consumed token ended: the end of the node just read. */
  lastEnd = 0

  constructor(text: SourceText) {
    this.text = text
    this.#lexer = new Lexer(text)
    this.current = this.#lexer.next()
  }

  /** Moves on and returns the token moved over. */
  next(): Token {
    const token = this.current
    this.lastEnd = token.end
    if (this.#ahead) {
      this.current = this.#ahead
      this.#ahead = undefined
    } else if (token.type !== 'eof') this.current = this.#lexer.next()
    return token
  }

  /** The token after the current one. */
  look(): Token {
    this.#ahead ??= this.#lexer.next()
    return this.#ahead
  }

  is(type: TokenType): boolean {
    return this.current.type === type
  }

  isName(name: string): boolean {
    return this.current.type === 'name' && this.current.text === name
  }

  skipIf(type: TokenType): boolean {
    if (this.current.type !== type) return false
    this.next()
    return true
  }

  skipIfName(name: string): boolean {
    if (!this.isName(name)) return false
    this.next()
    return true
  }

  /** The current token if it is of this type, else jinja2's "expected token" error. */
  expect(type: TokenType): Token {
    if (this.current.type !== type) throw this.#unexpected(describeType(type))
    return this.next()
  }

  expectName(name: string): Token {
    if (!this.isName(name)) throw this.#unexpected(name)
    return this.next()
  }

  #unexpected(wanted: string): PlumbError {
    if (this.current.type === 'eof') return this.error(`unexpected end of template, expected '${wanted}'.`)
    return this.error(`expected token '${wanted}', got '${describeToken(this.current)}'`)
  }

  /** A syntax error at a token, the current one unless told otherwise. */
  error(message: string, at: { start: number; end: number } = this.current, hint?: string): PlumbError {
    return syntaxError(this.text, message, at.start, Math.max(at.end, at.start + 1), hint)
  }
}
