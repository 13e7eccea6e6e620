import { isMapping, mappingEntries, PyFloat, toStr, type Value } from '../../jinja/index.js'
import { resolvePlainScalar } from './scalars.js'

/** Lines are broken at the first blank behind this column. */
const WIDTH = 80

/**
 * `yaml.safe_dump(value, sort_keys=...)` of PyYAML: block style, lists not indented, text quoted only where it must be,
 * long text broken into lines.
 */
export function safeDump(value: Value, sortKeys: boolean): string {
  if (isBlock(value)) return `${block(value, 0, sortKeys).join('\n')}\n`
  const text = inline(value, 0, 2)
  return isCollection(value) || /^['"]/.test(text) ? `${text}\n` : `${text}\n...\n`
}

/** The lines of a collection whose items begin at column `indent`; the first line is not indented. */
function block(value: Value, indent: number, sortKeys: boolean): string[] {
  const pad = ' '.repeat(indent)
  const lines = Array.isArray(value)
    ? (value as readonly Value[]).flatMap((item) => listItem(item, indent, sortKeys))
    : entriesOf(value, sortKeys).flatMap(([key, item]) => mapItem(key, item, indent, sortKeys))
  return lines.map((line, i) => (i === 0 || line === '' ? line : pad + line))
}

/** Lines without the indentation of the list itself. */
function listItem(item: Value, indent: number, sortKeys: boolean): string[] {
  if (!isBlock(item)) return relative(`- ${inline(item, indent + 2, indent + 2)}`, indent)
  return relative(`- ${block(item, indent + 2, sortKeys).join('\n')}`, indent)
}

function mapItem(key: Value, item: Value, indent: number, sortKeys: boolean): string[] {
  const head = `${inline(key, indent, indent + 2, false)}:`
  if (!isBlock(item)) return relative(`${head} ${inline(item, indent + head.length + 1, indent + 2)}`, indent)
  const inner = Array.isArray(item) ? indent : indent + 2
  return [head, ...relative(' '.repeat(inner) + block(item, inner, sortKeys).join('\n'), indent)]
}

/** Lines as they are behind `indent` columns. */
function relative(text: string, indent: number): string[] {
  return text.split('\n').map((line) => (line.startsWith(' '.repeat(indent)) ? line.slice(indent) : line))
}

/** A scalar or an empty collection that begins at `column`; further lines begin at `indent`. */
function inline(value: Value, column: number, indent: number, split = true): string {
  if (Array.isArray(value)) return '[]'
  if (isMapping(value)) return '{}'
  if (value === null) return 'null'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (value instanceof PyFloat) return toStr(value).replace('inf', '.inf').replace('nan', '.nan')
  if (typeof value !== 'string') return toStr(value)
  if (value === '') return "''"
  if (/[^\n\u0020-\u007e]/.test(value)) return doubleQuoted(value)
  const quoted = value.includes('\n') || mustQuote(value)
  const text = quoted ? `'${value.replaceAll("'", "''")}'` : value
  return foldLines(text, column, split ? indent : undefined)
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\0': '\\0',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\u001b': '\\e',
  '\u0085': '\\N',
  '\u00a0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
}

/** Text beyond ASCII, all of it escaped. */
function doubleQuoted(text: string): string {
  const escaped = Array.from(text, (letter) => {
    const known = ESCAPES[letter]
    if (known !== undefined) return known
    const code = letter.codePointAt(0)!
    if (code >= 0x20 && code < 0x7f) return letter
    const hex = code.toString(16).toUpperCase()
    if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
    return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
  })
  return `"${escaped.join('')}"`
}

/** Breaks single blanks beyond the width, and doubles line ends, which a folded scalar would take for blanks. */
function foldLines(text: string, from: number, indent: number | undefined): string {
  const pad = indent === undefined ? '' : ' '.repeat(indent)
  let out = ''
  let column = from
  for (const part of text.split(/(\n+| +)/)) {
    if (part.startsWith('\n')) {
      out += `\n${part}${pad}`
      column = pad.length
    } else if (part === ' ' && column > WIDTH && indent !== undefined) {
      out += `\n${pad}`
      column = pad.length
    } else {
      out += part
      column += part.length
    }
  }
  return out
}

/** Would the text mean something else, or nothing, without quotes. */
function mustQuote(text: string): boolean {
  if (typeof resolvePlainScalar(text) !== 'string' || text === '=' || text === '<<') return true
  if (/^[-?:](?:\s|$)|^[,[\]{}#&*!|>'"%@`]|^(?:---|\.\.\.)|^\s|\s$/.test(text)) return true
  return /: |:$| #/.test(text)
}

function entriesOf(value: Value, sortKeys: boolean): [Value, Value][] {
  const entries = isMapping(value) ? Array.from(mappingEntries(value)) : []
  return sortKeys ? entries.sort(([a], [b]) => (toStr(a) < toStr(b) ? -1 : 1)) : entries
}

function isCollection(value: Value): boolean {
  return Array.isArray(value) || isMapping(value)
}

/** A collection that takes lines of its own. */
function isBlock(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0
  return isMapping(value) && Array.from(mappingEntries(value)).length > 0
}
