import { pyError } from '../values/errors.js'
import { PyFloat } from '../values/float.js'
import { isHostObject, isMapping, typeName } from '../values/kinds.js'
import { mappingEntries } from '../values/mapping.js'
import { Markup } from '../values/markup.js'
import { formatFloat } from '../values/numbers.js'
import { lessThan } from '../values/ordering.js'
import * as py from '../values/py.js'
import { toStr } from '../values/text.js'
import { isUndefined } from '../values/undefined.js'
import type { Value } from '../values/value.js'

export interface JsonOptions {
  readonly sortKeys: boolean
  /** Spaces a level, or undefined for one line. */
  readonly indent: number | undefined
}

/**
 * `json.dumps(value)`: Python's spacing and ASCII only. Throws a TypeError for what JSON cannot say; a host object may
 * be said as its items or refuse.
 */
export function dumpJson(value: Value, options: JsonOptions): string {
  return dump(value, options, '')
}

function dump(value: Value, options: JsonOptions, margin: string): string {
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'number':
      return Number.isSafeInteger(value) ? String(value + 0) : jsonFloat(value)
    case 'bigint':
      return String(value)
    case 'object':
      break
    default:
      throw notSerializable(value)
  }
  if (value === null) return 'null'
  if (value instanceof PyFloat) return jsonFloat(value.value)
  if (value instanceof Markup) return quote(value.text)
  if (Array.isArray(value)) return dumpItems(Array.from(value as readonly Value[]), options, margin)
  if (isUndefined(value) || isHostObject(value) || !isMapping(value)) throw notSerializable(value)
  const entries = Array.from(mappingEntries(value))
  if (options.sortKeys) entries.sort(([a], [b]) => (lessThan(a, b) ? -1 : lessThan(b, a) ? 1 : 0))
  const inner = innerMargin(options, margin)
  const parts = entries.map(([key, item]) => `${quote(jsonKey(key))}: ${dump(item, options, inner)}`)
  return enclose('{', parts, '}', options, margin)
}

function dumpItems(items: readonly Value[], options: JsonOptions, margin: string): string {
  const inner = innerMargin(options, margin)
  return enclose(
    '[',
    items.map((item) => dump(item, options, inner)),
    ']',
    options,
    margin,
  )
}

function innerMargin(options: JsonOptions, margin: string): string {
  return options.indent === undefined ? '' : margin + ' '.repeat(options.indent)
}

function enclose(open: string, parts: readonly string[], close: string, options: JsonOptions, margin: string): string {
  if (parts.length === 0) return open + close
  if (options.indent === undefined) return open + parts.join(', ') + close
  const inner = '\n' + innerMargin(options, margin)
  return open + inner + parts.join(',' + inner) + '\n' + margin + close
}

function jsonKey(key: Value): string {
  if (typeof key === 'string') return key
  if (typeof key === 'boolean') return key ? 'true' : 'false'
  if (key === null) return 'null'
  if (typeof key === 'number' || typeof key === 'bigint' || key instanceof PyFloat) return toStr(key)
  throw pyError('TypeError', `keys must be str, int, float, bool or None, not ${typeName(key)}`)
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  return formatFloat(value)
}

function quote(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function notSerializable(value: Value): Error {
  const name = isHostObject(value) ? (value[py.typeName] ?? typeName(value)) : typeName(value)
  return pyError('TypeError', `Object of type ${name} is not JSON serializable`)
}

/** The filter `tojson`: JSON that may stand inside HTML. */
export function htmlSafeJson(value: Value, indent: number | undefined): Markup {
  const json = dumpJson(value, { sortKeys: true, indent })
  return new Markup(
    json.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026').replaceAll("'", '\\u0027'),
  )
}
