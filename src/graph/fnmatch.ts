/** Whether a text matches; made once per pattern, called once per node. */
export type TextMatcher = (text: string) => boolean

const WILDCARD = /[*?[]/

/**
 * Python's `fnmatch`: `*` any text, `?` one character, `[a-c]` one of, `[!a-c]` none of; case counts; the whole text
 * must match. A `[` without its `]` is itself.
 */
export function fnmatch(pattern: string): TextMatcher {
  if (!WILDCARD.test(pattern)) return (text) => text === pattern
  if (/^\*+$/.test(pattern)) return () => true
  const regex = new RegExp(`^${toRegex(pattern)}$`, 'su')
  return (text) => regex.test(text)
}

function toRegex(pattern: string): string {
  let out = ''
  for (let i = 0; i < pattern.length; ) {
    const c = String.fromCodePoint(pattern.codePointAt(i)!)
    i += c.length
    if (c === '*') {
      if (!out.endsWith('.*')) out += '.*'
    } else if (c === '?') {
      out += '.'
    } else if (c === '[') {
      // a `]` right after `[` or `[!` belongs to the class
      const first = pattern[i] === '!' ? i + 1 : i
      const end = pattern.indexOf(']', first + 1)
      if (end === -1) {
        out += '\\['
      } else {
        out += classRegex(pattern.slice(i, end))
        i = end + 1
      }
    } else {
      out += escapeRegex(c)
    }
  }
  return out
}

function classRegex(content: string): string {
  const negated = content.startsWith('!')
  const characters = [...(negated ? content.slice(1) : content)]
  let body = ''
  for (let k = 0; k < characters.length; k++) {
    const low = characters[k]!
    const high = characters[k + 2]
    if (characters[k + 1] === '-' && high !== undefined) {
      // ranges the wrong way round are empty
      if (low <= high) body += `${escapeInClass(low)}-${escapeInClass(high)}`
      k += 2
    } else {
      body += escapeInClass(low)
    }
  }
  if (body === '') return negated ? '.' : '(?!)'
  return `[${negated ? '^' : ''}${body}]`
}

function escapeRegex(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character
}

function escapeInClass(character: string): string {
  return character === '-' ? '\\-' : escapeRegex(character)
}
