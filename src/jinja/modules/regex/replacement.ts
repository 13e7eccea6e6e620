import { pyError } from '../../values/errors.js'

/** The text of a group that took part in a match. */
interface GroupText {
  readonly text: string
}

const REFERENCE = /\\(?:g<([^>]*)>|([1-9]\d?)|(0[0-7]{0,2}|[0-3][0-7]{2})|([\s\S]))/g
const CONTROLS: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}

/** Fills a replacement template: `\1`, `\g<name>`, `\n`. Groups that took no part are empty. */
export function expandTemplate(
  template: string,
  names: ReadonlyMap<string, number>,
  spans: readonly (GroupText | undefined)[],
): string {
  if (!template.includes('\\')) return template
  return template.replace(REFERENCE, (whole, group, number, octal, letter, at) => {
    if (group !== undefined) return spans[groupNumber(group, names, spans.length, at)]?.text ?? ''
    if (number !== undefined) return spans[groupNumber(number, names, spans.length, at)]?.text ?? ''
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    const control = CONTROLS[letter]
    if (control !== undefined) return control
    if (/[A-Za-z]/.test(letter)) throw pyError('ReError', `bad escape \\${letter} at position ${at}`)
    return whole
  })
}

function groupNumber(reference: string, names: ReadonlyMap<string, number>, count: number, at: number): number {
  if (/^\d+$/.test(reference)) {
    if (Number(reference) < count) return Number(reference)
    throw pyError('ReError', `invalid group reference ${reference} at position ${at + 1}`)
  }
  const number = names.get(reference)
  if (number === undefined) throw pyError('IndexError', `unknown group name '${reference}'`)
  return number
}
