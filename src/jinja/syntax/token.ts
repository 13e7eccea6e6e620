import type { Value } from '../values/value.js'

/** Operators of expressions; the token's type is the text itself. */
export type OperatorType =
  | '+'
  | '-'
  | '/'
  | '//'
  | '*'
  | '%'
  | '**'
  | '~'
  | '['
  | ']'
  | '('
  | ')'
  | '{'
  | '}'
  | '=='
  | '!='
  | '>'
  | '>='
  | '<'
  | '<='
  | '='
  | '.'
  | ':'
  | '|'
  | ','
  | ';'

export type TokenType =
  | 'data'
  | 'variable_begin'
  | 'variable_end'
  | 'block_begin'
  | 'block_end'
  | 'name'
  | 'string'
  | 'integer'
  | 'float'
  | 'eof'
  | OperatorType

export interface Token {
  readonly type: TokenType
  /** A name's or operator's text, a string's unescaped text, a number's digits, a data token's text. */
  readonly text: string
  /** A literal's value. */
  readonly value: Value
  readonly start: number
  readonly end: number
}

const DESCRIPTIONS: Partial<Record<TokenType, string>> = {
  block_begin: 'begin of statement block',
  block_end: 'end of statement block',
  variable_begin: 'begin of print statement',
  variable_end: 'end of print statement',
  data: 'template data / text',
  eof: 'end of template',
}

/** How messages call a token type. */
export function describeType(type: TokenType): string {
  return DESCRIPTIONS[type] ?? type
}

/** How messages call a token: names by their text, the rest by type. */
export function describeToken(token: Token): string {
  return token.type === 'name' ? token.text : describeType(token.type)
}
