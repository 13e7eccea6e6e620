/** Unicode word characters, as class members. */
export const WORD = '\\p{L}\\p{N}_'
const SPACE = '\\t\\n\\v\\f\\r \\x1c-\\x1f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'

/** A character that stands for itself, spelt so that no mode of RegExp reads anything into it. */
export function literal(character: string): string {
  if (/^[A-Za-z0-9_ ]$/.test(character)) return character
  return `\\u{${character.codePointAt(0)!.toString(16)}}`
}

/** `\d`, `\W` and their kin as a class; undefined for other letters. */
export function classEscape(letter: string, ascii: boolean): string | undefined {
  const members = { d: ascii ? '0-9' : '\\p{Nd}', w: ascii ? 'A-Za-z0-9_' : WORD, s: ascii ? ' \\t-\\r' : SPACE }
  switch (letter) {
    case 'd':
    case 'w':
    case 's':
      return `[${members[letter]}]`
    case 'D':
      return `[^${members.d}]`
    case 'W':
      return `[^${members.w}]`
    case 'S':
      return `[^${members.s}]`
    default:
      return undefined
  }
}

const CONTROLS: Readonly<Record<string, string>> = {
  a: '\x07',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}

/** The character an escape at `start` (its backslash) stands for, and where it ends. */
export function escapedCodePoint(
  pattern: string,
  start: number,
  error: (message: string) => Error,
): { character: string; end: number } {
  const letter = pattern[start + 1]!
  const control = CONTROLS[letter]
  if (control !== undefined) return { character: control, end: start + 2 }
  const rest = pattern.slice(start + 1)
  const hex = /^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))/.exec(rest)
  if (hex) {
    const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3]!, 16)
    return { character: String.fromCodePoint(code), end: start + 1 + hex[0].length }
  }
  if (/^[xuU]/.test(rest)) throw error(`incomplete escape \\${rest.slice(0, 3)}`)
  const octal = /^(?:0[0-7]{0,2}|[0-3][0-7]{2})/.exec(rest)
  if (octal) return { character: String.fromCharCode(Number.parseInt(octal[0], 8)), end: start + 1 + octal[0].length }
  if (/^[A-Za-z]/.test(letter)) throw error(`bad escape \\${letter}`)
  const character = String.fromCodePoint(pattern.codePointAt(start + 1)!)
  return { character, end: start + 1 + character.length }
}
