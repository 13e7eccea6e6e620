import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { postgresMissing, startPostgres, type TestServer } from '../../support/postgres.js'
import { type PostgresProject, postgresProject } from '../../support/postgres-project.js'
import { type TestProject, testProject } from '../../support/project.js'
import { ended, started } from '../../support/started.js'

const SLOW_DUCKDB =
  "{{ config(materialized='table') }} select count(*) as n from range(40000000) a, range({{ var('times', 1000) }}) b where a.range % 7 = b.range % 5"

describe('one run at a time on a DuckDB file', () => {
  let project: TestProject
  let first: ChildProcess | undefined

  beforeAll(() => {
    project = testProject({ models: { 'slow.sql': SLOW_DUCKDB, 'quick.sql': 'select 1 as id' } })
  })
  afterEach(async () => {
    first?.kill('SIGKILL')
    if (first !== undefined) await ended(first)
  })
  afterAll(() => project.dispose())

  test('a second run is told who has the file', async () => {
    first = await started(project, /START sql table model/, 'run', '--select', 'slow')
    const second = await project.run('run', '--select', 'quick', '--target-path', 'other')
    expect(second.code).toBe(2)
    expect(second.stdout).toContain(`pid ${first.pid} since`)
    expect(second.stdout).toContain('plumb run --select slow')
    expect(second.stdout).toContain('`--wait`')
  })

  test('with --wait it goes on when the first one ends; a killed run leaves no lock', async () => {
    first = await started(project, /START sql table model/, 'run', '--select', 'slow')
    const second = await started(project, /Waiting for another process/, 'run', '--select', 'quick', '--wait', '60')
    first.kill('SIGKILL')
    expect(await ended(second)).toBe(0)
  })

  test('--wait with a number ends at some time', async () => {
    first = await started(project, /START sql table model/, 'run', '--select', 'slow')
    const second = await project.run('run', '--select', 'quick', '--wait', '1', '--target-path', 'other')
    expect(second.code).toBe(2)
    expect(second.stdout).toContain(`pid ${first.pid}`)
  })
})

const missing = postgresMissing()

describe.skipIf(missing !== null)('one run at a time on a PostgreSQL relation', () => {
  let server: TestServer
  let project: PostgresProject
  let first: ChildProcess | undefined

  beforeAll(async () => {
    server = await startPostgres()
    project = postgresProject(server, {
      models: {
        'slow.sql': "{{ config(materialized='table') }} select 1 as id from pg_sleep({{ var('seconds', 60) }})",
        'quick.sql': "{{ config(materialized='table') }} select 2 as id",
      },
    })
  }, 60_000)
  afterEach(async () => {
    first?.kill('SIGKILL')
    if (first !== undefined) await ended(first)
    first = undefined
  })
  afterAll(async () => {
    project?.dispose()
    await server?.stop()
  })

  const run = (...args: string[]) => project.run('run', '--target-path', 'other', ...args)

  test('runs that share no relation go side by side; those that share one are told who has it', async () => {
    first = await started(project, /START sql table model/, 'run', '--select', 'slow')
    expect((await run('--select', 'quick')).code).toBe(0)
    expect((await project.run('test', '--target-path', 'other')).code).toBe(0)
    const second = await run('--select', 'slow', 'quick', '--wait', '0')
    expect(second.code).toBe(2)
    expect(second.stdout).toContain(`Another run is at work on "${project.schema}"."slow"`)
    expect(second.stdout).toContain(`pid ${first.pid} since 20`)
    expect(second.stdout).toContain('plumb run')
    expect(second.stdout).toContain('--wait')
    expect((await run('--select', 'quick', '--wait', '0')).code).toBe(0)
    const elsewhere = postgresProject(server, { models: { 'slow.sql': 'select 1 as id' } })
    expect((await elsewhere.run('run')).code).toBe(0)
    elsewhere.dispose()
  })

  test('a run waits for the end of another one on the same relation', async () => {
    first = await started(project, /START sql table model/, 'run', '--select', 'slow', '--vars', '{seconds: 8}')
    const second = await run('--select', 'slow', '--vars', '{seconds: 0}')
    expect(second.stdout).toMatch(/Waiting for another run to end: .* pid \d+ since .*, which has "\w+"\."slow"/)
    expect(second.code).toBe(0)
    expect(await ended(first)).toBe(0)
  })

  test('with --no-run-lock nobody is waited for', async () => {
    first = await started(project, /START sql table model/, 'run', '--select', 'slow')
    const second = await started(project, /START sql table model/, 'run', '--select', 'slow', '--no-run-lock')
    second.kill('SIGKILL')
    await ended(second)
  })

  test('a process for every model, all at once on a new schema and one target folder', async () => {
    const names = Array.from({ length: 6 }, (_, i) => `m${i}`)
    const many = postgresProject(server, {
      models: Object.fromEntries(
        names.map((name) => [`${name}.sql`, "{{ config(materialized='table') }} select 1 as id from pg_sleep(0.5)"]),
      ),
    })
    const results = await Promise.all(names.map((name) => many.run('run', '--select', name)))
    for (const { code, stdout } of results) expect(code, stdout).toBe(0)
    const tables = await many.query(`select relname from pg_class where relnamespace = '${many.schema}'::regnamespace`)
    expect(tables.map((row) => row['relname']).sort()).toEqual(names)
    for (const file of ['manifest.json', 'run_results.json', 'graph_summary.json']) {
      expect(JSON.parse(readFileSync(join(many.dir, 'target', file), 'utf8'))).toBeTypeOf('object')
    }
    expect(readdirSync(join(many.dir, 'target')).filter((name) => /tmp|~|\.\d+/.test(name))).toEqual([])
    many.dispose()
  })

  test('what a killed run left running on the server is ended first', async () => {
    first = await started(project, /START sql table model/, 'run', '--select', 'slow')
    await untilSleeping(server)
    first.kill('SIGKILL')
    await ended(first)
    expect(await sleeping(server)).toBe(1)
    const second = await run('--select', 'quick')
    expect(second.code).toBe(0)
    expect(await sleeping(server)).toBe(0)
    expect(await project.query("select relname from pg_class where relname like '%dbt_tmp%'")).toEqual([])
  })
})

async function sleeping(server: TestServer): Promise<number> {
  const { host, port, user, password, database } = server
  const client = new pg.Client({ host, port, user, password, database })
  await client.connect()
  try {
    const { rows } = await client.query(
      "select count(*)::int as n from pg_stat_activity where state = 'active' and query like '%pg_sleep(60)%' and pid <> pg_backend_pid()",
    )
    return (rows[0] as { n: number }).n
  } finally {
    await client.end()
  }
}

async function untilSleeping(server: TestServer): Promise<void> {
  for (let i = 0; i < 200 && (await sleeping(server)) === 0; i++) await new Promise((next) => setTimeout(next, 25))
}
