import type { Method } from './method.js'

/** `str.title()`: every run of letters begins with a capital. */
export function titleCase(text: string): string {
  return text.replace(/\p{L}\p{M}*(?:[\p{L}\p{M}])*/gu, (word) => {
    const [first = '', ...rest] = Array.from(word)
    return first.toUpperCase() + rest.join('').toLowerCase()
  })
}

/** `str.capitalize()`. */
export function capitalize(text: string): string {
  const [first = '', ...rest] = Array.from(text)
  return first.toUpperCase() + rest.join('').toLowerCase()
}

export const swapcase: Method<string> = (self) => {
  let out = ''
  for (const c of self) out += c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()
  return out
}

const CASED = /[\p{Lu}\p{Ll}\p{Lt}]/u

/** Tests over all characters of a string, by method name. */
export const CHARACTER_TESTS: Readonly<Record<string, (text: string) => boolean>> = {
  isalnum: (t) => /^[\p{L}\p{N}]+$/u.test(t),
  isalpha: (t) => /^\p{L}+$/u.test(t),
  isascii: (t) => /^[\x00-\x7f]*$/.test(t),
  isdecimal: (t) => /^\p{Nd}+$/u.test(t),
  isdigit: (t) => /^[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089]+$/u.test(t),
  isnumeric: (t) => /^\p{N}+$/u.test(t),
  isidentifier: (t) => /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u.test(t),
  islower: (t) => CASED.test(t) && t === t.toLowerCase(),
  isupper: (t) => CASED.test(t) && t === t.toUpperCase(),
  isprintable: (t) => !/[^ \P{C}]|[\p{Zl}\p{Zp}]|[^ \P{Zs}]/u.test(t),
  isspace: (t) => /^[\s\x1c-\x1f\x85]+$/.test(t),
  istitle: (t) => CASED.test(t) && t === titleCase(t),
}
