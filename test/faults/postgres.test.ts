import { spawn } from 'node:child_process'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresMissing, startPostgres, type TestServer } from '../support/postgres.js'
import { REPO, runPlumb, type TestProject, testProject } from '../support/project.js'
import { type Contents, halfDone, PROJECT, readContents } from './disturbed-project.js'
import { type Moment, StatementProxy } from './statement-proxy.js'

/** All statements, unless somebody in a hurry wants only some. */
const EVERY = Number(process.env['PLUMB_FAULT_EVERY'] ?? 1)
const FIRST = Number(process.env['PLUMB_FAULT_FIRST'] ?? 1)

const BUILD = ['build', '--vars', '{version: 2}', '--threads', '1']
const missing = postgresMissing()

describe.skipIf(missing !== null)('a build that is killed at a statement (PostgreSQL)', () => {
  let server: TestServer
  let proxy: StatementProxy
  let project: TestProject
  let before: Contents
  let after: Contents
  let statements = 0

  async function query(database: string, sql: string): Promise<Record<string, unknown>[]> {
    const { host, port, user, password } = server
    const client = new pg.Client({ host, port, user, password, database })
    await client.connect()
    try {
      return (await client.query(sql)).rows as Record<string, unknown>[]
    } finally {
      await client.end()
    }
  }
  const contents = (): Promise<Contents> => readContents((sql) => query('work', sql), 'built')
  const env = (port: number) => ({ PLUMB_TEST_PORT: String(port) })

  /** The database as it was before, made anew. */
  async function rewind(): Promise<void> {
    await query('postgres', 'drop database if exists work with (force)')
    await query('postgres', 'create database work template base')
  }

  /** A build through the proxy, killed there. */
  async function disturbed(at: number, when: Moment): Promise<NodeJS.Signals | number | null> {
    const child = spawn(process.execPath, [join(REPO, 'bin', 'plumb.js'), ...BUILD], {
      cwd: project.dir,
      env: { PATH: process.env['PATH'] ?? '', HOME: project.dir, DBT_PROFILES_DIR: project.dir, ...env(proxy.port) },
      stdio: 'ignore',
    })
    proxy.arm(at, when, () => child.kill('SIGKILL'))
    return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)))
  }

  beforeAll(async () => {
    server = await startPostgres()
    proxy = await StatementProxy.start(server.port)
    const { output } = server
    const dev = {
      ...output,
      dbname: 'work',
      database: undefined,
      schema: 'built',
      port: "{{ env_var('PLUMB_TEST_PORT') | as_number }}",
    }
    project = testProject({
      ...PROJECT,
      'profiles.yml': JSON.stringify({ test: { target: 'dev', outputs: { dev } } }),
    })
    await query('postgres', 'create database work')
    expect((await runPlumb(project.dir, ['build'], env(server.port))).code).toBe(0)
    before = await contents()
    await query('postgres', 'alter database work rename to base')
    await rewind()
    expect(await disturbed(Number.POSITIVE_INFINITY, 'before')).toBe(0)
    statements = proxy.count
    after = await contents()
  }, 120_000)
  afterAll(async () => {
    project?.dispose()
    await proxy?.stop()
    await server?.stop()
  })

  test('the undisturbed build changes what it should', () => {
    expect(statements).toBeGreaterThan(40)
    expect(after['picked']).toEqual(['["1","a","2"]', '["2","b","2"]', '["3","c","2"]'])
    expect(after['history']).toHaveLength(6)
    expect(after['all']).toEqual(before['all'])
  })

  for (const when of ['before', 'after'] as const) {
    test(`${when} any statement: nothing is half done or missing, and the next run sets all right`, async () => {
      const wrong: string[] = []
      for (let at = FIRST; at <= statements; at += EVERY) {
        await rewind()
        if ((await disturbed(at, when)) !== 'SIGKILL') wrong.push(`${at}: it was not killed`)
        const half = halfDone(await contents(), before, after)
        if (half.length > 0) wrong.push(`${at}: ${half.join(', ')} half done`)
        const again = await runPlumb(project.dir, BUILD, env(server.port))
        if (again.code !== 0) wrong.push(`${at}: the next run failed\n${again.stdout}`)
        else if (JSON.stringify(await contents()) !== JSON.stringify(after)) wrong.push(`${at}: different in the end`)
      }
      expect(wrong).toEqual([])
    })
  }
})
