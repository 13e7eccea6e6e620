import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { compileTemplate } from '../../../src/jinja/index.js'
import { scopeOf, strictThread } from './render-case.js'

const SHARED = process.env['PLUMB_SHARED'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url))
const present = existsSync(`${SHARED}/jinja/sem_cases.json`)
if (!present) console.log(`shared Jinja cases skipped: ${SHARED}/jinja is not there`)

function read<T>(name: string): T {
  return JSON.parse(readFileSync(`${SHARED}/jinja/${name}`, 'utf8'))
}

describe.skipIf(!present)('shared cases', () => {
  const cases = present ? read<[string, string][]>('sem_cases.json') : []
  const expected = present ? read<Record<string, string>>('sem_expected.json') : {}
  test.each(cases)('%s', async (name, template) => {
    const answer = await compileTemplate(template, { file: 'case.sql' })
      .render(strictThread(), scopeOf())
      .catch((error: Error) => `ERR ${error.message}`)
    expect(answer.startsWith('ERR') ? answer.slice(0, expected[name]!.length) : answer).toBe(expected[name])
  })
})
