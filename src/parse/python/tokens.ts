/** A token of Python source; comments and white space are left out, line ends kept. */
export interface PythonToken {
  readonly kind: 'name' | 'number' | 'string' | 'f-string' | 'op' | 'newline'
  readonly text: string
  readonly start: number
  readonly end: number
}

const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy
const NUMBER = /(?:0[xXoObB][0-9a-fA-F_]+|(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:[eE][-+]?\d+)?)j?/y
const STRING = /([rRbBuUfF]{0,2})("""|'''|"|')/y
const OPERATOR = /\*\*=?|\/\/=?|<<=?|>>=?|->|:=|[=!<>]=|[-+*/%&|^@]=|[^\s]/y

/** Thrown for source that is not Python. */
export class PythonSyntaxError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message)
  }
}

/** Splits Python source into tokens, as far as finding calls needs it. */
export function pythonTokens(source: string): PythonToken[] {
  const tokens: PythonToken[] = []
  const open: { bracket: string; at: number }[] = []
  let at = 0
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(source)
  }
  const push = (kind: PythonToken['kind'], end: number): void => {
    tokens.push({ kind, text: source.slice(at, end), start: at, end })
    at = end
  }
  while (at < source.length) {
    const c = source[at]!
    if (c === '\n') {
      if (open.length === 0) push('newline', at + 1)
      else at++
    } else if (c === ' ' || c === '\t' || c === '\r' || c === '\f') at++
    else if (c === '\\' && /^\\\r?\n/.test(source.slice(at, at + 3))) at = source.indexOf('\n', at) + 1
    else if (c === '#') {
      const end = source.indexOf('\n', at)
      at = end === -1 ? source.length : end
    } else {
      const string = match(STRING)
      if (string !== null) {
        const formatted = /f/i.test(string[1]!)
        push(formatted ? 'f-string' : 'string', stringEnd(source, at, at + string[0].length, string[2]!))
        continue
      }
      const word = match(NAME)
      if (word !== null) {
        push('name', at + word[0].length)
        continue
      }
      const digits = /[\d.]/.test(c) ? match(NUMBER) : null
      if (digits !== null && /\d/.test(digits[0])) {
        push('number', at + digits[0].length)
        continue
      }
      if ('([{'.includes(c)) open.push({ bracket: c, at })
      if (')]}'.includes(c)) {
        const opened = open.pop()
        if (opened === undefined) throw new PythonSyntaxError(`unmatched '${c}'`, at)
        if ('([{'.indexOf(opened.bracket) !== ')]}'.indexOf(c)) {
          throw new PythonSyntaxError(
            `closing parenthesis '${c}' does not match opening parenthesis '${opened.bracket}'`,
            at,
          )
        }
      }
      push('op', at + match(OPERATOR)![0].length)
    }
  }
  const unclosed = open.at(-1)
  if (unclosed !== undefined) throw new PythonSyntaxError(`'${unclosed.bracket}' was never closed`, unclosed.at)
  return tokens
}

function stringEnd(source: string, start: number, from: number, quote: string): number {
  const long = quote.length === 3
  for (let i = from; i < source.length; i++) {
    if (source[i] === '\\') i++
    else if (source.startsWith(quote, i)) return i + quote.length
    else if (source[i] === '\n' && !long) break
  }
  throw new PythonSyntaxError(long ? 'unterminated triple-quoted string literal' : 'unterminated string literal', start)
}
