import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresMissing, startPostgres, type TestServer } from '../../support/postgres.js'
import { postgresProject } from '../../support/postgres-project.js'
import { type TestProject, type Tree, testProject } from '../../support/project.js'
import { ended, started } from '../../support/started.js'

const WAREHOUSES = ['duckdb', 'postgres'] as const
type Warehouse = (typeof WAREHOUSES)[number]

/** A statement that runs for a minute unless it is stopped, and at once when `hurry` is set. */
const SLOW: Readonly<Record<Warehouse, string>> = {
  duckdb:
    "from range({{ 1 if var('hurry', false) else 60000000 }}) a, range({{ 1 if var('hurry', false) else 1000 }}) b where a.range % 7 = b.range % 5",
  postgres: "from pg_sleep({{ 0 if var('hurry', false) else 60 }})",
}

function tree(warehouse: Warehouse): Tree {
  return {
    seeds: { 'raw.csv': 'id,name\n1,a\n2,b\n' },
    models: {
      'first.sql': "{{ config(materialized='table') }} select id, name from {{ ref('raw') }}",
      'second.sql': "select id from {{ ref('first') }}",
      'third.sql': "{{ config(materialized='table') }} select count(*) as n from {{ ref('second') }}",
      'slow.sql': `-- depends_on: {{ ref('first') }}\n{{ config(materialized='table') }} select count(*) as n ${SLOW[warehouse]}`,
      'behind.sql': "select * from {{ ref('slow') }}",
      'properties.yml': `
models:
  - name: first
    description: The first one
    config: {persist_docs: {relation: true, columns: true}}
    columns: [{name: id, description: The key}]
sources:
  - name: given
    schema: "{{ target.schema }}"
    tables: [{name: raw}]
`,
    },
  }
}

describe.each(WAREHOUSES)('from end to end on %s', (warehouse) => {
  const missing = warehouse === 'postgres' ? postgresMissing() : null
  let server: TestServer | undefined
  let project: TestProject
  let schema = 'main'

  beforeAll(async () => {
    if (missing !== null) return
    const other = (output: object) => ({
      test: { target: 'dev', outputs: { dev: output, prod: { ...output, schema: 'prod' } } },
    })
    if (warehouse === 'postgres') {
      server = await startPostgres()
      const made = postgresProject(server, tree(warehouse))
      schema = made.schema
      made.write({ 'profiles.yml': JSON.stringify(other({ ...server.output, schema })) })
      project = made
    } else {
      const output = { type: 'duckdb', path: 'test.duckdb', schema: 'main', threads: 4 }
      project = testProject({ ...tree(warehouse), 'profiles.yml': JSON.stringify(other(output)) })
    }
  }, 60_000)
  afterAll(async () => {
    project?.dispose()
    await server?.stop()
  })

  const rows = async (sql: string): Promise<string[]> =>
    (await project.query(sql)).map((row) => JSON.stringify(Object.values(row).map(String)))
  const FAST = ['--exclude', 'slow+']
  const MODELS = [...FAST, 'resource_type:seed']

  test.skipIf(missing !== null)(
    'retry runs what failed and what was skipped for it',
    async () => {
      const good = project.read('models/second.sql')
      project.write({ models: { 'second.sql': good.replace('id', 'nothing') } })
      expect((await project.run('build', ...FAST)).code).toBe(1)
      expect(project.statuses()['model.test.third']).toBe('skipped')
      expect((await project.run('retry')).code).toBe(1)
      project.write({ models: { 'second.sql': good } })
      const again = await project.run('retry')
      expect(again.code).toBe(0)
      expect(project.statuses()).toEqual({ 'model.test.second': 'success', 'model.test.third': 'success' })
      expect((await project.run('retry')).stdout).toContain('Nothing to do')
      expect(await rows(`select n from ${schema}.third`)).toEqual(['["2"]'])
    },
    180_000,
  )

  test.skipIf(missing !== null)(
    'clone makes what another target has',
    async () => {
      expect((await project.run('build', '--target', 'prod', ...FAST)).code).toBe(0)
      project.write({ state: { 'manifest.json': project.read('target/manifest.json') } })
      await project.query(`drop table ${schema}.third`)
      await project.query(`update prod.first set name = 'from prod'`)
      expect((await project.run('clone', '--state', 'state', ...MODELS)).code).toBe(0)
      expect(await rows(`select n from ${schema}.third`)).toEqual(['["2"]'])
      expect(await rows(`select distinct name from ${schema}.first`)).toEqual(['["a"]', '["b"]'])
      expect((await project.run('clone', '--state', 'state', '--full-refresh', ...MODELS)).code).toBe(0)
      expect(await rows(`select distinct name from ${schema}.first`)).toEqual(['["from prod"]'])
      expect((await project.run('build', ...FAST)).code).toBe(0)
    },
    180_000,
  )

  test.skipIf(missing !== null)('docs generate describes what is there', async () => {
    expect((await project.run('docs', 'generate')).code).toBe(0)
    interface Catalog {
      nodes: Record<string, { metadata: Record<string, unknown>; columns: Record<string, Record<string, unknown>> }>
      sources: Catalog['nodes']
      errors: unknown
    }
    const { nodes, sources, errors } = project.json<Catalog>('target/catalog.json')
    expect(errors).toBe(null)
    expect(Object.keys(nodes).sort()).toEqual([
      'model.test.first',
      'model.test.second',
      'model.test.third',
      'seed.test.raw',
    ])
    expect(nodes['model.test.first']?.metadata).toMatchObject({ type: 'BASE TABLE', schema, comment: 'The first one' })
    expect(nodes['model.test.second']?.metadata).toMatchObject({ type: 'VIEW' })
    expect(nodes['model.test.first']?.columns['id']).toMatchObject({ index: 1, comment: 'The key' })
    expect(sources['source.test.given.raw']?.columns['name']).toMatchObject({ index: 2 })
  })

  test.skipIf(missing !== null)(
    'an interrupt stops the query, and what was done is written down',
    async () => {
      const child = await started(project, /START sql table model \S+slow/, 'build', '--exclude', 'second+')
      child.kill('SIGINT')
      expect(await ended(child)).toBe(2)
      expect(project.statuses()).toEqual({
        'seed.test.raw': 'success',
        'model.test.first': 'success',
        'model.test.slow': 'skipped',
        'model.test.behind': 'skipped',
      })
      const left = await rows(
        `select table_name from information_schema.tables where table_name like '%dbt\\_%' escape '\\'`,
      )
      expect(left).toEqual([])
      if (warehouse === 'postgres')
        expect(
          await rows("select query from pg_stat_activity where state = 'active' and pid <> pg_backend_pid()"),
        ).toEqual([])
      expect((await project.run('retry', '--vars', '{hurry: true}')).code).toBe(0)
      expect(Object.keys(project.statuses()).sort()).toEqual(['model.test.behind', 'model.test.slow'])
    },
    180_000,
  )
})
