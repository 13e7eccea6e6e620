import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { REPO, type TestProject, testProject } from '../support/project.js'
import { type Contents, halfDone, PROJECT, readContents } from './disturbed-project.js'

const HOOK = join(REPO, 'test', 'faults', 'kill-at-statement.mjs')
/** All statements, unless somebody in a hurry wants only some. */
const EVERY = Number(process.env['PLUMB_FAULT_EVERY'] ?? 1)
const FIRST = Number(process.env['PLUMB_FAULT_FIRST'] ?? 1)

const BUILD = ['build', '--vars', '{version: 2}', '--threads', '1']

describe('a build that is killed at a statement (DuckDB)', () => {
  let project: TestProject
  let before: Contents
  let after: Contents
  let statements = 0

  const file = (name: string): string => join(project.dir, name)
  const contents = (): Promise<Contents> => readContents((sql) => project.query(sql), 'main')
  const disturbed = (env: Record<string, string>) =>
    project.runWith({ NODE_OPTIONS: `--import=${HOOK}`, ...env }, ...BUILD)
  function rewind(): void {
    rmSync(file('test.duckdb.wal'), { force: true })
    copyFileSync(file('base.duckdb'), file('test.duckdb'))
  }

  beforeAll(async () => {
    project = testProject(PROJECT)
    expect((await project.run('build')).code).toBe(0)
    before = await contents()
    copyFileSync(file('test.duckdb'), file('base.duckdb'))
    expect((await disturbed({ FAULT_COUNT: file('count') })).code).toBe(0)
    after = await contents()
    statements = Number(readFileSync(file('count'), 'utf8'))
  }, 120_000)
  afterAll(() => project.dispose())

  test('the undisturbed build changes what it should', () => {
    expect(statements).toBeGreaterThan(20)
    expect(after['picked']).toEqual(['["1","a","2"]', '["2","b","2"]', '["3","c","2"]'])
    expect(after['grown']).toEqual(['["1"]', '["2"]'])
    expect(after['history']).toHaveLength(6)
    expect(after['all']).toEqual(before['all'])
  })

  for (const when of ['before', 'during']) {
    test(`${when} any statement: nothing is half done, and the next run sets all right`, async () => {
      const wrong: string[] = []
      for (let at = FIRST; at <= statements; at += EVERY) {
        rewind()
        const killed = await disturbed({ FAULT_AT: String(at), FAULT_WHEN: when })
        if (killed.code === 0) wrong.push(`${at}: it was not killed`)
        const half = halfDone(await contents(), before, after)
        if (half.length > 0) wrong.push(`${at}: ${half.join(', ')} half done`)
        const again = await project.run(...BUILD)
        if (again.code !== 0) wrong.push(`${at}: the next run failed\n${again.stdout}`)
        else if (JSON.stringify(await contents()) !== JSON.stringify(after)) wrong.push(`${at}: different in the end`)
      }
      expect(wrong).toEqual([])
      expect(existsSync(file('test.duckdb.wal'))).toBe(false)
    }, 900_000)
  }
})
