import { PyFloat } from '../../jinja/index.js'
import type { Json } from '../../manifest/index.js'
import { keyText, type YamlValue } from './construct.js'
import { isYamlDate } from './yaml-date.js'

/** What JSON would hold of a YAML value: dates as ISO text, Maps as objects, floats and huge integers as numbers. */
export function plainJson(value: YamlValue): Json {
  if (value === null || typeof value !== 'object') return typeof value === 'bigint' ? Number(value) : value
  if (Array.isArray(value)) return value.map(plainJson)
  if (value instanceof PyFloat) return value.value
  if (isYamlDate(value)) return value.toJSON()
  const entries =
    value instanceof Map ? [...value].map(([key, item]) => [keyText(key), item] as const) : Object.entries(value)
  return Object.fromEntries(entries.map(([key, item]) => [key, plainJson(item)]))
}

/** Is it a mapping in the shape of an object (not a list, a date or a Map). */
export function isYamlMapping(value: unknown): value is { [key: string]: YamlValue } {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
