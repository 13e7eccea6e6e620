import { afterEach, describe, expect, it } from 'vitest'
import { type CommandResult, type TestProject, type Tree, testProject } from '../../support/project.js'

let project: TestProject | undefined
afterEach(() => project?.dispose())

async function plumb(tree: Tree, ...args: string[]): Promise<CommandResult & { readonly text: string }> {
  project = testProject(tree)
  const result = await project.run(...args)
  const text = result.stdout + result.stderr
  // Whatever went wrong was the user's mistake: no stack trace, ever.
  expect(text).not.toMatch(/^\s+at .+\(?.*:\d+:\d+\)?$/m)
  expect(text).not.toContain('fault in Plumbline')
  return { ...result, text }
}

describe('malformed files', () => {
  it('name the line of broken YAML', async () => {
    const { code, text } = await plumb(
      { models: { 'a.sql': 'select 1 as id', 'schema.yml': 'models:\n  - name: a\n   columns: []\n' } },
      'parse',
    )
    expect(code).toBe(2)
    expect(text).toMatch(/models\/schema\.yml:3:\d+/)
  })

  it('name the place of a Jinja syntax error, with the code', async () => {
    const { code, text } = await plumb({ models: { 'a.sql': 'select 1 as id\n{% if true %}\nfrom nowhere' } }, 'parse')
    expect(code).toBe(2)
    expect(text).toContain('Compilation Error in model a (models/a.sql)')
    expect(text).toMatch(/--> models\/a\.sql:\d+:\d+/)
    expect(text).toContain('{% if true %}')
  })

  it('suggest the model that was meant', async () => {
    const { code, text } = await plumb(
      { models: { 'stg_orders.sql': 'select 1 as id', 'b.sql': "select *\nfrom {{ ref('stg_order') }}" } },
      'parse',
    )
    expect(code).toBe(2)
    expect(text).toContain("depends on a node named 'stg_order' which was not found")
    expect(text).toContain('models/b.sql:2:')
    expect(text).toContain("did you mean 'stg_orders'?")
  })

  it('suggest the macro or variable that was meant', async () => {
    const { code, text } = await plumb(
      {
        macros: { 'm.sql': '{% macro cents(x) %}{{ x }}{% endmacro %}' },
        models: { 'b.sql': 'select {{ cent(1) }} as x' },
      },
      'compile',
    )
    expect(code).not.toBe(0)
    expect(text).toContain("'cent' is undefined")
    expect(text).toContain("did you mean 'cents'")
  })

  it('are all reported at once', async () => {
    const { code, text } = await plumb(
      {
        models: {
          'a.sql': 'select {{ 1 + }} as id',
          'b.sql': '{% for %}',
          'c.sql': "select * from {{ ref('nowhere') }}",
        },
      },
      'parse',
    )
    expect(code).toBe(2)
    expect(text).toContain('models/a.sql:1:')
    expect(text).toContain('models/b.sql:1:')
  })

  it('report a cycle with its way', async () => {
    const { code, text } = await plumb(
      { models: { 'a.sql': "select * from {{ ref('b') }}", 'b.sql': "select * from {{ ref('a') }}" } },
      'run',
    )
    expect(code).toBe(2)
    expect(text).toMatch(/Found a cycle: model\.test\.\w --> model\.test\.\w/)
  })

  it('report two models of one name', async () => {
    const { code, text } = await plumb(
      { models: { x: { 'a.sql': 'select 1 as id' }, y: { 'a.sql': 'select 2 as id' } } },
      'parse',
    )
    expect(code).toBe(2)
    expect(text).toContain('dbt found two models with the name "a"')
  })

  it('report an unknown adapter and the ones there are', async () => {
    const { code, text } = await plumb(
      { 'profiles.yml': 'test:\n  target: dev\n  outputs:\n    dev: {type: duckbd, path: x.duckdb}\n' },
      'run',
    )
    expect(code).toBe(2)
    expect(text).toContain('duckbd')
    expect(text).toContain("did you mean 'duckdb'?")
  })

  it('report a missing profile and target', async () => {
    const missing = await plumb(
      { 'profiles.yml': 'other:\n  target: dev\n  outputs:\n    dev: {type: duckdb}\n' },
      'run',
    )
    expect(missing.code).toBe(2)
    expect(missing.text).toContain("Could not find profile named 'test'")
    project?.dispose()
    const target = await plumb({}, 'run', '--target', 'prod')
    expect(target.code).toBe(2)
    expect(target.text).toContain("does not have a target named 'prod'")
  })

  it('report a package that is not installed, and how to install it', async () => {
    const { code, text } = await plumb(
      { 'packages.yml': 'packages:\n  - package: dbt-labs/dbt_utils\n    version: 1.3.0\n' },
      'parse',
    )
    expect(code).toBe(2)
    expect(text).toContain('deps')
  })

  it('report a project that is none', async () => {
    const { code, text } = await plumb({ 'dbt_project.yml': 'models: {}\n' }, 'parse')
    expect(code).toBe(2)
    expect(text).toContain('dbt_project.yml')
  })
})

describe('bad seeds', () => {
  it('with ragged rows name the line and leave nothing behind', async () => {
    const { code, text } = await plumb({ seeds: { 's.csv': 'id,name\n1,a\n2,b,c,d\n' } }, 'seed')
    expect(code).toBe(1)
    expect(text).toMatch(/seeds\/s\.csv/)
    expect(
      await project!.query("select count(*)::int as n from information_schema.tables where table_name = 's'"),
    ).toEqual([{ n: 0 }])
  })

  it('in another encoding say so', async () => {
    project = testProject()
    const { writeFileSync, mkdirSync } = await import('node:fs')
    mkdirSync(`${project.dir}/seeds`)
    writeFileSync(`${project.dir}/seeds/s.csv`, Buffer.from([0x69, 0x64, 0x0a, 0xe9, 0xff, 0x0a]))
    const { code, stdout } = await project.run('seed')
    expect(code).not.toBe(0)
    expect(stdout).toMatch(/UTF-8/i)
    expect(stdout).not.toMatch(/^\s+at .+:\d+:\d+/m)
  })
})

describe('SQL the warehouse refuses', () => {
  it('is reported with the compiled file, and what stands below is skipped', async () => {
    const { code, text } = await plumb(
      {
        models: {
          'a.sql': '{{ config(materialized="table") }}\nselect nope as id',
          'b.sql': "select * from {{ ref('a') }}",
        },
      },
      'run',
    )
    expect(code).toBe(1)
    expect(text).toContain('nope')
    expect(text).toContain('models/a.sql')
    expect(text).toContain('target/')
    expect(project!.statuses()).toEqual({ 'model.test.a': 'error', 'model.test.b': 'skipped' })
  })

  it('leaves the table of the last good run as it was', async () => {
    project = testProject({ models: { 'a.sql': '{{ config(materialized="table") }}\nselect 1 as id' } })
    expect((await project.run('run')).code).toBe(0)
    project.write({ models: { 'a.sql': '{{ config(materialized="table") }}\nselect error(\'boom\') as id' } })
    expect((await project.run('run')).code).toBe(1)
    expect(await project.query('select * from a')).toEqual([{ id: 1 }])
    expect(
      await project.query("select count(*)::int as n from information_schema.tables where table_name like '%dbt%'"),
    ).toEqual([{ n: 0 }])
  })
})
