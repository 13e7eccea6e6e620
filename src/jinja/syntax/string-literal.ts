const SIMPLE: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
}
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/** Characters templates name with `\N{...}`; JavaScript has no table of the names. */
const NAMED: Readonly<Record<string, string>> = {
  'NO-BREAK SPACE': '\u00a0',
  'EN DASH': '\u2013',
  'EM DASH': '\u2014',
  BULLET: '\u2022',
  SNOWMAN: '\u2603',
  'LEFT SINGLE QUOTATION MARK': '\u2018',
  'RIGHT SINGLE QUOTATION MARK': '\u2019',
  'LEFT DOUBLE QUOTATION MARK': '\u201c',
  'RIGHT DOUBLE QUOTATION MARK': '\u201d',
  'HORIZONTAL ELLIPSIS': '\u2026',
  'ZERO WIDTH SPACE': '\u200b',
  'QUOTATION MARK': '"',
  APOSTROPHE: "'",
  'DEGREE SIGN': '\u00b0',
  'EURO SIGN': '\u20ac',
  'COPYRIGHT SIGN': '\u00a9',
}

/** Why a string literal cannot be read, with where in its body. */
export interface BadEscape {
  readonly message: string
  readonly at: number
}

/**
 * Python's escapes of a string literal's body (the text between the quotes): `'\n'`, `'\x41'`, `'\u00e9'`, `'\101'`;
 * what is no escape stays as it is (`'\d'`).
 */
export function unescapeString(body: string): string | BadEscape {
  if (!body.includes('\\')) return body
  let out = ''
  let from = 0
  for (let at = body.indexOf('\\'); at !== -1; at = body.indexOf('\\', from)) {
    out += body.slice(from, at)
    const letter = body[at + 1]
    if (letter === undefined) return { message: '\\ at end of string', at }
    const simple = SIMPLE[letter]
    if (simple !== undefined) {
      out += simple
      from = at + 2
      continue
    }
    const digits = HEX_DIGITS[letter]
    if (digits !== undefined) {
      const hex = body.slice(at + 2, at + 2 + digits)
      if (!/^[0-9a-fA-F]+$/.test(hex) || hex.length < digits)
        return { message: `truncated \\${letter}${'X'.repeat(digits)} escape`, at }
      const code = Number.parseInt(hex, 16)
      if (code > 0x10ffff) return { message: 'illegal Unicode character', at }
      out += String.fromCodePoint(code)
      from = at + 2 + digits
      continue
    }
    const octal = /^[0-7]{1,3}/.exec(body.slice(at + 1, at + 4))
    if (octal) {
      out += String.fromCharCode(Number.parseInt(octal[0], 8))
      from = at + 1 + octal[0].length
      continue
    }
    if (letter === 'N') {
      const name = /^\{([^}]+)\}/.exec(body.slice(at + 2))
      if (!name) return { message: 'malformed \\N character escape', at }
      const character = NAMED[name[1]!.toUpperCase()]
      if (character === undefined) return { message: 'unknown Unicode character name', at }
      out += character
      from = at + 2 + name[0].length
      continue
    }
    out += '\\' + letter
    from = at + 2
  }
  return out + body.slice(from)
}
