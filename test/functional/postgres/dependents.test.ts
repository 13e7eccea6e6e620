import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresMissing, startPostgres, type TestServer } from '../../support/postgres.js'
import { type PostgresProject, postgresProject } from '../../support/postgres-project.js'

const missing = postgresMissing()

describe.skipIf(missing !== null)('what stands on a relation that is replaced (PostgreSQL)', () => {
  let server: TestServer
  let project: PostgresProject

  beforeAll(async () => {
    server = await startPostgres()
    project = postgresProject(server, {
      seeds: { 's.csv': 'id,name\n1,a\n2,b\n' },
      models: {
        't.sql':
          "{{ config(materialized='table') }} select id, name from {{ ref('s') }} where id <= {{ var('most', 2) }}",
        'v.sql': "select id from {{ ref('t') }}",
      },
    })
    expect((await project.run('build')).code).toBe(0)
    await project.query(`
      create role reader;
      create view on_t as select id, upper(name) as name from t;
      comment on view on_t is 'not ours';
      grant select on on_t to reader;
      create view on_view as select count(*) as n from on_t;
      create view on_v as select id from v;
      create view on_s as select max(id) as most from s;
      create materialized view kept as select id from on_t;
      create unique index kept_id on kept (id);`)
  }, 60_000)

  afterAll(async () => {
    project?.dispose()
    await server?.stop()
  })

  const one = async (sql: string): Promise<unknown> => Object.values((await project.query(sql))[0] ?? {})[0]

  test('views follow the new table and the new view, with all that is theirs', async () => {
    const again = await project.run('build', '--vars', '{most: 1}', '--full-refresh')
    expect(again.stdout).toContain('ERROR=0')
    expect(await one('select n from on_view')).toBe('1')
    expect(await one('select count(*) from on_v')).toBe('1')
    // A full refresh of a seed takes the views on it along, as dbt does.
    expect(await one("select to_regclass('on_s')")).toBe(null)
    expect(await one("select obj_description('on_t'::regclass)")).toBe('not ours')
    expect(await one("select has_table_privilege('reader', 'on_t', 'select')")).toBe(true)
    expect(await one('select count(*) from kept')).toBe('1')
    expect(await one("select count(*) from pg_indexes where indexname = 'kept_id'")).toBe('1')
    expect(await one("select count(*) from pg_class where relname like '%\\_\\_dbt\\_%'")).toBe('0')
  })

  test('a view whose columns change type is made anew, with its grants', async () => {
    project.write({
      models: { 't.sql': "{{ config(materialized='table') }} select id::bigint as id, name from {{ ref('s') }}" },
    })
    expect((await project.run('run', '--select', 't')).code).toBe(0)
    expect(await one('select n from on_view')).toBe('2')
    expect(
      await one("select data_type from information_schema.columns where table_name = 'on_t' and column_name = 'id'"),
    ).toBe('bigint')
    expect(await one("select has_table_privilege('reader', 'on_t', 'select')")).toBe(true)
    expect(await one("select obj_description('on_t'::regclass)")).toBe('not ours')
    expect(await one('select count(*) from v')).toBe('2')
  })

  test('a view that the new table has no columns for is dropped, and the user is told', async () => {
    project.write({ models: { 't.sql': "{{ config(materialized='table') }} select id from {{ ref('s') }}" } })
    const again = await project.run('run', '--select', 't')
    expect(again.code).toBe(0)
    expect(again.stdout).toContain(`view ${project.schema}.on_t does not fit the new`)
    expect(await one("select to_regclass('on_t')")).toBe(null)
    expect(await one('select count(*) from v')).toBe('2')
  })
})
