import { PyFloat } from '../../jinja/index.js'
import { parseYamlDate, type YamlDate } from './yaml-date.js'

/**
 * What an unquoted scalar is, by PyYAML's SafeLoader (YAML 1.1 less `y`/`n`): `yes` and `off` are booleans, `012` is
 * octal, `1:30` is sexagesimal, `1e3` is text (a float needs a dot, its exponent a sign).
 */
export type YamlScalar = null | boolean | string | number | bigint | PyFloat | YamlDate

const BOOLEANS: ReadonlyMap<string, boolean> = new Map(
  (['yes', 'true', 'on'] as const)
    .flatMap((word) => spellings(word).map((text): [string, boolean] => [text, true]))
    .concat(
      (['no', 'false', 'off'] as const).flatMap((word) =>
        spellings(word).map((text): [string, boolean] => [text, false]),
      ),
    ),
)

function spellings(word: string): string[] {
  return [word, word[0]!.toUpperCase() + word.slice(1), word.toUpperCase()]
}

const INT =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/

/** The value of a plain scalar. Throws a RangeError for a date that does not exist. */
export function resolvePlainScalar(text: string): YamlScalar {
  const first = text.charCodeAt(0)
  // Digits, sign and dot: the only ways a number or a date begins.
  if ((first >= 48 && first <= 57) || first === 45 || first === 43 || first === 46) return resolveNumeric(text)
  switch (text) {
    case '':
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return null
    default:
      return text.length <= 5 ? (BOOLEANS.get(text) ?? text) : text
  }
}

function resolveNumeric(text: string): YamlScalar {
  if (INT.test(text)) return toInteger(text) ?? text
  if (FLOAT.test(text)) return toFloat(text)
  return parseYamlDate(text) ?? text
}

/** An integer by YAML 1.1; undefined for digits that are none (`0b_`). */
export function toInteger(source: string): number | bigint | undefined {
  let text = source.replaceAll('_', '')
  const negative = text.startsWith('-')
  if (negative || text.startsWith('+')) text = text.slice(1)
  let value: number | bigint
  if (text.startsWith('0b') || text.startsWith('0x')) {
    if (text.length === 2) return undefined
    value = exact(text)
  } else if (text.includes(':')) {
    value = text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  } else if (text.length > 1 && text.startsWith('0')) {
    value = exact('0o' + text.slice(1))
  } else {
    value = exact(text)
  }
  if (typeof value === 'bigint') return negative ? -value : value
  return negative && value !== 0 ? -value : value
}

/** A number while it is exact, a bigint beyond. */
function exact(literal: string): number | bigint {
  const value = Number(literal)
  return Number.isSafeInteger(value) ? value : BigInt(literal)
}

/** A float by YAML 1.1: a JS number, wrapped where JS would lose that it is a float (`1.0`). */
export function toFloat(source: string): number | PyFloat {
  let text = source.replaceAll('_', '').toLowerCase()
  const sign = text.startsWith('-') ? -1 : 1
  if (text.startsWith('-') || text.startsWith('+')) text = text.slice(1)
  if (text === '.inf') return new PyFloat(sign * Number.POSITIVE_INFINITY)
  if (text === '.nan') return new PyFloat(Number.NaN)
  const value = text.includes(':')
    ? sign * text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
    : sign * Number(text)
  return Number.isInteger(value) || !Number.isFinite(value) ? new PyFloat(value) : value
}
