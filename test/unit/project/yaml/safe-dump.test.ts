import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Value } from '../../../../src/jinja/index.js'
import { safeDump } from '../../../../src/project/yaml/safe-dump.js'

/** Values and what PyYAML's safe_dump writes for them. */
const RECORDED = JSON.parse(readFileSync(join(import.meta.dirname, 'safe-dump.recorded.json'), 'utf8')) as [
  Value,
  string,
][]

it.each(RECORDED)('writes %j as PyYAML does', (value, text) => {
  expect(safeDump(value, false)).toBe(text)
})

it('sorts keys when asked to', () => {
  expect(safeDump({ b: 1, a: { d: 1, c: 2 } }, true)).toBe('a:\n  c: 2\n  d: 1\nb: 1\n')
})
