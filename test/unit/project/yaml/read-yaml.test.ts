import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PlumbError } from '../../../../src/core/diagnostic.js'
import { PyFloat, toStr } from '../../../../src/jinja/index.js'
import { isYamlDate, readYaml, type YamlValue } from '../../../../src/project/index.js'
import { keyText } from '../../../../src/project/yaml/construct.js'

interface Recorded {
  text: string
  value?: unknown
  error?: string
  line?: number | null
}

const recorded = JSON.parse(
  readFileSync(new URL('../recorded/yaml-values.json', import.meta.url), 'utf8'),
) as Recorded[]

/** A value in the recording's own notation: types that JSON lacks are spelled out. */
function encode(value: YamlValue): unknown {
  if (typeof value === 'bigint') return { $int: String(value) }
  if (value instanceof PyFloat) return { $float: pythonFloat(value.value) }
  if (typeof value === 'number' && !Number.isInteger(value)) return { $float: pythonFloat(value) }
  if (value === null || typeof value !== 'object') return value
  if (isYamlDate(value)) return { $date: value.toJSON(), $str: toStr(value) }
  if (Array.isArray(value)) return value.map(encode)
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return { $pairs: entries.map(([key, item]) => [encode(key), encode(item)]) }
}

function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Number.isInteger(value))
    return Object.is(value, -0) ? '-0.0' : value < 1e16 ? `${value}.0` : String(value).replace('e+', 'e+')
  return String(value)
}

/** Mappings as we promise them: keys become text unless none of them is, order is not compared. */
function normalise(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalise)
  if (value === null || typeof value !== 'object') return value
  const pairs = (value as { $pairs?: [unknown, unknown][] }).$pairs
  if (pairs === undefined) return value
  const anyText = pairs.some(([key]) => typeof key === 'string')
  const items = pairs.map(([key, item]): [string, unknown] => [
    anyText ? textOf(key) : JSON.stringify(key),
    normalise(item),
  ])
  return { $pairs: items.sort(([a], [b]) => (a < b ? -1 : 1)) }
}

function textOf(key: unknown): string {
  if (typeof key === 'string') return key
  if (key !== null && typeof key === 'object') {
    if ('$float' in key) return String(key.$float)
    if ('$date' in key) return '$str' in key ? String(key.$str) : ''
  }
  return keyText(key as null | boolean | number)
}

/** Read though PyYAML refuses them; nobody can have relied on the error. */
const LENIENT = new Set([
  'a: 0b_\n',
  'a: 0x_\n',
  'a: =\n',
  'a: <<\n',
  '...\n',
  'a: |\n  \tx\n',
  'a: {: 1}\n',
  ': a\n',
  'a: !!int x\n',
  'a: \x85b\n',
  `${'a'.repeat(1100)}: 1\n`,
])

/** Known to differ: a lone dash in brackets, and Python's 1 == 1.0 as keys. */
const DIFFERENT = new Set(['a: [-]\n', '1.0: a\n1: b\n'])

describe('readYaml', () => {
  const compared = recorded.filter((each) => !DIFFERENT.has(each.text))
  const values = compared.filter((each) => each.error === undefined)
  const faults = compared.filter((each) => each.error !== undefined && !LENIENT.has(each.text))

  it.each(values.map((each) => [JSON.stringify(each.text).slice(0, 70), each] as const))(
    'reads %s as PyYAML does',
    (_name, each) => {
      expect(normalise(encode(readYaml(each.text, 'x.yml', { trim: false })))).toEqual(normalise(each.value))
    },
  )

  it.each(faults.map((each) => [JSON.stringify(each.text).slice(0, 70), each] as const))(
    'refuses %s as PyYAML does',
    (_name, each) => {
      expect(() => readYaml(each.text, 'x.yml', { trim: false })).toThrow(PlumbError)
    },
  )
})
