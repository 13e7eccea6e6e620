import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileTemplate, parseTemplate, RenderThread, type Scope, type Value } from '../../../src/jinja/index.js'
import { withAsyncLiterals } from './async-literals.js'
import { type Case, caseScope } from './render-case.js'

const CASES = new URL('./cases/', import.meta.url)

async function answer(one: Case): Promise<string> {
  const scope = caseScope(one)
  const later = (args: readonly Value[]): Promise<Value> => new Promise((resolve) => setImmediate(resolve, args[0]))
  const slow: Scope = { ...scope, get: (name) => (name === 'later' ? later : scope.get(name)) }
  const thread = new RenderThread({ undefinedMode: one.mode === 'chain' ? 'chain' : 'strict' })
  try {
    const ast = withAsyncLiterals(parseTemplate(one.template, { file: 'case.sql' }))
    return await compileTemplate(ast, { file: 'case.sql' }).render(thread, slow)
  } catch (error) {
    return `ERR ${(error as Error).message}`
  }
}

function wanted(one: Case): string | undefined {
  return one.ours ?? (one.error === undefined ? one.expected : `ERR ${one.error}`)
}

describe.each(readdirSync(CASES).filter((file) => file !== 'native.json'))('%s, every literal awaited', (file) => {
  const cases: Case[] = JSON.parse(readFileSync(new URL(file, CASES), 'utf8'))
  test('gives what it gives at once', async () => {
    for (const one of cases) {
      expect(await answer(one), one.template).toBe(wanted(one))
    }
  })
})
