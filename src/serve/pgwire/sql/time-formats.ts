import { refuse, SQLSTATE } from '../protocol/wire-error.js'

/** Patterns of `to_char` and their strftime; the longer ones first. */
const PATTERNS: readonly (readonly [string, string])[] = [
  ['FMMonth', '%B'],
  ['FMDay', '%A'],
  ['FMMM', '%-m'],
  ['FMDD', '%-d'],
  ['FMHH24', '%-H'],
  ['FMHH12', '%-I'],
  ['YYYY', '%Y'],
  ['IYYY', '%G'],
  ['Month', '%B'],
  ['HH24', '%H'],
  ['HH12', '%I'],
  ['DDD', '%j'],
  ['Mon', '%b'],
  ['Day', '%A'],
  ['MI', '%M'],
  ['SS', '%S'],
  ['MS', '%g'],
  ['US', '%f'],
  ['YY', '%y'],
  ['MM', '%m'],
  ['DD', '%d'],
  ['Dy', '%a'],
  ['IW', '%V'],
  ['ID', '%u'],
  ['HH', '%I'],
  ['AM', '%p'],
  ['PM', '%p'],
  ['D', '%w'],
]

/** `YYYY-MM-DD HH24:MI` -> `%Y-%m-%d %H:%M`. @throws WireError for letters that are no pattern we know. */
export function toStrftime(format: string): string {
  let text = ''
  let at = 0
  while (at < format.length) {
    const rest = format.slice(at)
    const literal = /^"([^"]*)"/.exec(rest)
    if (literal !== null) {
      text += literal[1]!.replaceAll('%', '%%')
      at += literal[0].length
      continue
    }
    const pattern = PATTERNS.find(
      ([name]) => rest.startsWith(name) || (/^[A-Z0-9]+$/.test(name) && rest.startsWith(name.toLowerCase())),
    )
    if (pattern !== undefined) {
      text += pattern[1]
      at += pattern[0].length
      continue
    }
    const sign = rest[0]!
    if (/[A-Za-z]/.test(sign) && sign !== 'T' && sign !== 'Z') {
      refuse(SQLSTATE.featureNotSupported, `the format "${format}" has a pattern that is not supported: "${sign}"`)
    }
    text += sign === '%' ? '%%' : sign
    at++
  }
  return text
}
