import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { PlumbError } from '../../../src/core/diagnostic.js'
import { compileTemplate, RenderThread, toRepr } from '../../../src/jinja/index.js'
import { type Case, caseScope } from './render-case.js'

const CASES = new URL('./cases/', import.meta.url)

/** The text a case renders to, the repr of its value in native mode, or `ERR` and the error's words. */
async function answer(one: Case): Promise<string> {
  const thread = new RenderThread({ undefinedMode: one.mode === 'chain' ? 'chain' : 'strict' })
  try {
    const template = compileTemplate(one.template, { file: 'case.sql' })
    if (one.mode === 'native') return toRepr(await template.renderNative(thread, caseScope(one)))
    return await template.render(thread, caseScope(one))
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    expect(error.first.at, 'an error has a place').toBeDefined()
    return `ERR ${error.message}`
  }
}

function wanted(one: Case): string | undefined {
  return one.ours ?? (one.error === undefined ? one.expected : `ERR ${one.error}`)
}

describe.each(readdirSync(CASES))('%s', (file) => {
  const cases: Case[] = JSON.parse(readFileSync(new URL(file, CASES), 'utf8'))
  test.each(cases.map((one): [string, Case] => [`${one.template} ${one.mode ?? ''}`, one]))('%s', async (_, one) => {
    expect(await answer(one)).toBe(wanted(one))
  })
})
