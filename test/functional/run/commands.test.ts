import { afterEach, describe, expect, it } from 'vitest'
import { type TestProject, testProject } from '../../support/project.js'

let project: TestProject
afterEach(() => project.dispose())

describe('tests', () => {
  it('fail, warn and pass by severity and thresholds', async () => {
    project = testProject({
      models: {
        'm.sql': 'select unnest([1, 1, 2]) as id',
        's.yml':
          'models:\n  - name: m\n    columns:\n      - name: id\n        data_tests:\n          - unique:\n              name: strict\n          - unique:\n              name: soft\n              config: {severity: warn}\n          - unique:\n              name: tolerant\n              config: {error_if: ">5", warn_if: ">5"}\n          - unique:\n              name: narrowed\n              config: {where: "id > 1"}\n',
      },
    })
    const { code } = await project.run('build')
    expect(code).toBe(1)
    const byName = Object.fromEntries(project.results().map((r) => [r.unique_id.split('.')[2], r.status]))
    expect(byName).toMatchObject({ strict: 'fail', soft: 'warn', tolerant: 'pass', narrowed: 'pass' })
  })

  it('keep failing rows with --store-failures', async () => {
    project = testProject({
      models: { 'm.sql': 'select 1 as id union all select null' },
      tests: { 't.sql': "select * from {{ ref('m') }} where id is null" },
    })
    expect((await project.run('build', '--store-failures')).code).toBe(1)
    expect(await project.query('select count(*)::int as n from main_dbt_test__audit.t')).toEqual([{ n: 1 }])
  })
})

describe('running', () => {
  it('skips what stands on a failure, and retry takes it up again', async () => {
    project = testProject({
      models: { 'a.sql': 'select nope', 'b.sql': "select * from {{ ref('a') }}", 'c.sql': 'select 1 as id' },
    })
    expect((await project.run('run')).code).toBe(1)
    expect(project.statuses()).toEqual({
      'model.test.a': 'error',
      'model.test.b': 'skipped',
      'model.test.c': 'success',
    })
    project.write({ models: { 'a.sql': 'select 1 as id' } })
    const again = await project.run('retry')
    expect(again.code, again.stdout).toBe(0)
    expect(project.statuses()).toEqual({ 'model.test.a': 'success', 'model.test.b': 'success' })
  })

  it('runs hooks around the run and around models', async () => {
    project = testProject({
      'dbt_project.yml':
        "name: test\nversion: '1.0'\nprofile: test\non-run-start: ['create table if not exists log (what varchar)', \"insert into log values ('start')\"]\non-run-end: [\"insert into log values ('end {{ results | length }}')\"]\n",
      models: {
        'm.sql':
          '{{ config(pre_hook="insert into log values (\'pre\')", post_hook="insert into log values (\'post {{ this.name }}\')") }}\nselect 1 as id',
      },
    })
    const { code, stdout } = await project.run('run')
    expect(code, stdout).toBe(0)
    expect((await project.query('select what from log')).map((r) => r['what'])).toEqual([
      'start',
      'pre',
      'post m',
      'end 1',
    ])
  })

  it('prints the plan and touches nothing', async () => {
    project = testProject({ models: { 'a.sql': 'select 1 as id', 'b.sql': "select * from {{ ref('a') }}" } })
    const { code, stdout } = await project.run('build', '--plan', '--quiet')
    expect(code).toBe(0)
    expect(stdout).toMatch(/build: 2 steps/)
    expect(project.exists('target/run_results.json')).toBe(false)
  })

  it('takes variables, targets and other directories', async () => {
    project = testProject({ models: { 'm.sql': "select '{{ var('word') }}' as word, '{{ target.name }}' as target" } })
    project.write({
      'profiles.yml':
        'test:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: test.duckdb}\n    other: {type: duckdb, path: test.duckdb, schema: elsewhere}\n',
    })
    const { code, stdout } = await project.run(
      'run',
      '--vars',
      '{word: hello}',
      '--target',
      'other',
      '--target-path',
      'out',
    )
    expect(code, stdout).toBe(0)
    expect(await project.query('select * from elsewhere.m')).toEqual([{ word: 'hello', target: 'other' }])
    expect(project.exists('out/run_results.json')).toBe(true)
  })

  it('calls macros', async () => {
    project = testProject({
      macros: {
        'm.sql':
          "{% macro make(name, rows=1) %}{% do run_query('create table ' ~ name ~ ' as select ' ~ rows ~ ' as n') %}{% endmacro %}",
      },
    })
    const { code, stdout } = await project.run('run-operation', 'make', '--args', '{name: made, rows: 7}')
    expect(code, stdout).toBe(0)
    expect(await project.query('select n from made')).toEqual([{ n: 7 }])
  })

  it('writes the catalogue', async () => {
    project = testProject({ models: { 'm.sql': "{{ config(materialized='table') }}\nselect 1 as id, 'x' as name" } })
    await project.run('run')
    const { code, stdout } = await project.run('docs', 'generate')
    expect(code, stdout).toBe(0)
    const catalog = project.json<{ nodes: Record<string, { columns: Record<string, { type: string }> }> }>(
      'target/catalog.json',
    )
    expect(Object.entries(catalog.nodes['model.test.m']!.columns).map(([name, c]) => [name, c.type])).toEqual([
      ['id', 'INTEGER'],
      ['name', 'VARCHAR'],
    ])
    // The documentation in one file: nothing in it points anywhere else.
    const page = project.read('target/index.html')
    expect(page).toContain('data-document="data/index.json"')
    expect(page).toContain('model.test.m')
    expect(page).not.toMatch(/(?:src|href)="(?!data:)/)
    expect(project.exists('target/static_index.html')).toBe(false)
    expect((await project.run('docs', 'generate', '--static')).code).toBe(0)
    expect(project.read('target/static_index.html')).toContain('data-document="data/columns.json"')
    expect(project.exists('target/site/data/index.json')).toBe(true)
  })

  it('writes external files and reads them as sources', async () => {
    project = testProject({
      models: {
        'out.sql': "{{ config(materialized='external', location='out.parquet') }}\nselect 1 as id",
        'back.sql': "-- depends_on: {{ ref('out') }}\nselect * from {{ source('files', 'out') }}",
        's.yml':
          'sources:\n  - name: files\n    config: {meta: {external_location: "{name}.parquet"}}\n    tables: [{name: out}]\n',
      },
    })
    const { code, stdout } = await project.run('build')
    expect(code, stdout).toBe(0)
    expect(project.exists('out.parquet')).toBe(true)
    const shown = await project.run('show', '-s', 'back', '--quiet', '--output', 'json')
    expect(JSON.parse(shown.stdout)).toEqual({ node: 'back', show: [{ id: 1 }] })
  })

  it('selects by state', async () => {
    project = testProject({
      models: { 'a.sql': 'select 1 as id', 'b.sql': "select * from {{ ref('a') }}", 'c.sql': 'select 2 as id' },
    })
    await project.run('parse')
    project.write({
      before: { 'manifest.json': project.read('target/manifest.json') },
      models: { 'a.sql': 'select 3 as id' },
    })
    const { stdout } = await project.run('ls', '-q', '-s', 'state:modified+', '--state', 'before')
    expect(stdout).toBe('test.a\ntest.b\n')
  })

  it('starts a project that builds', async () => {
    project = testProject()
    const { runPlumb } = await import('../../support/project.js')
    const made = await runPlumb(project.dir, ['init', 'fresh', '--yes'], { DBT_PROFILES_DIR: '' })
    expect(made.code, made.stdout + made.stderr).toBe(0)
    const built = await runPlumb(`${project.dir}/fresh`, ['build'], { DBT_PROFILES_DIR: '' })
    expect(built.code, built.stdout).toBe(0)
  })
})
