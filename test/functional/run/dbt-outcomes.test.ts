import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type TestProject, testProject } from '../../support/project.js'

/** Outcomes that dbt's users and their tools know by status, message and exit code. */
describe('what dbt does when', () => {
  const projects: TestProject[] = []
  const make = (tree: Parameters<typeof testProject>[0]): TestProject => {
    const project = testProject(tree)
    projects.push(project)
    return project
  }
  const config = (more: string): string => `name: test\nprofile: test\n${more}`
  afterAll(() => {
    for (const project of projects) project.dispose()
  })

  it('an ephemeral model does not render: what stands on it is skipped, and the error is the model’s', async () => {
    const project = make({
      models: {
        'base.sql': "{{ config(materialized='ephemeral') }}\n{{ adapter.no_such_method() }}",
        'dependent.sql': "select * from {{ ref('base') }}",
        'last.sql': "select * from {{ ref('dependent') }}",
      },
    })
    const { code, stdout } = await project.run('run')
    expect(code).toBe(1)
    expect(project.statuses()).toEqual({ 'model.test.dependent': 'skipped', 'model.test.last': 'skipped' })
    expect(project.results()[0]?.message).toBe(
      'Compilation Error in model.test.dependent, caused by compilation error in referenced ephemeral model model.test.base',
    )
    expect(stdout).toContain('Failure in model base (models/base.sql)')
    expect(stdout).toContain('models/base.sql:2:4')
    expect(stdout).toContain("SKIP relation main.dependent due to ephemeral model status 'error'")
  })

  it('macros are called only at run: they stand in depends_on of the manifest that the run writes', async () => {
    const project = make({
      macros: {
        'all.sql':
          '{% macro plain() %}1{% endmacro %}{% macro inner() %}2{% endmacro %}' +
          '{% macro outer() %}{{ inner() }}{% endmacro %}' +
          "{% macro chosen() %}{{ return(adapter.dispatch('chosen', 'test')()) }}{% endmacro %}" +
          '{% macro duckdb__chosen() %}{{ inner() }}{% endmacro %}',
      },
      models: {
        'base.sql': "{{ config(materialized='ephemeral') }} select {{ inner() if execute }} as id",
        'last.sql':
          "select {{ plain() }} as a {% if execute %}, {{ outer() }} as b, {{ context['chosen']() }} as c, " +
          "{{ adapter.dispatch('chosen', 'test')() }} as d{% endif %} from {{ ref('base') }}",
        'last.yml': 'models: [{name: last, columns: [{name: a, data_tests: [unique]}]}]',
      },
      tests: { 'own.sql': 'select 1 where false {% if execute %}and {{ inner() }} = 1{% endif %}' },
    })
    interface Manifest {
      readonly nodes: Readonly<Record<string, { readonly depends_on: { readonly macros: readonly string[] } }>>
    }
    const macros = (): Record<string, readonly string[]> => {
      const { nodes } = project.json<Manifest>('target/manifest.json')
      return Object.fromEntries(Object.entries(nodes).map(([id, node]) => [id.split('.')[2], node.depends_on.macros]))
    }
    expect((await project.run('parse')).code).toBe(0)
    expect(macros()).toEqual({
      base: [],
      last: ['macro.test.plain'],
      own: [],
      unique_last_a: ['macro.dbt.test_unique'],
    })
    expect((await project.run('build')).code).toBe(0)
    // As dbt-core 1.11.16 writes them.
    const ofTests = ['macro.dbt.get_limit_subquery_sql', 'macro.dbt.should_store_failures', 'macro.dbt.statement']
    expect(macros()).toEqual({
      base: ['macro.test.inner'],
      last: ['macro.test.plain', 'macro.test.outer', 'macro.test.chosen', 'macro.test.duckdb__chosen'],
      own: ['macro.test.inner', ...ofTests],
      unique_last_a: ['macro.dbt.test_unique', 'macro.dbt.get_where_subquery', ...ofTests],
    })
  })

  it('a query comment would end the comment: nothing runs', async () => {
    const project = make({
      'dbt_project.yml': config("query-comment: \"{{ '*' ~ '/' }}\"\n"),
      models: { 'a.sql': 'select 1 as id' },
    })
    const { code, stdout } = await project.run('run')
    expect(code).toBe(2)
    expect(stdout).toContain('Runtime Error\n  query comment contains illegal value "*/"')
  })

  it('a seed’s delimiter is empty: the seed fails before the warehouse is asked', async () => {
    const project = make({
      'dbt_project.yml': config("seeds: {delimiter: ''}\n"),
      seeds: { 's.csv': 'a|b\n1|2\n' },
    })
    expect((await project.run('seed')).code).toBe(1)
    expect(project.results()[0]?.message).toContain('Compilation Error in seed s (seeds/s.csv)')
    expect(project.results()[0]?.message).toContain('"delimiter" must be a 1-character string')
  })

  it('docs are generated: assets are copied, and --no-compile writes the catalogue alone', async () => {
    const project = make({
      'dbt_project.yml': config('asset-paths: [pictures, not-there]\n'),
      pictures: { 'a.svg': '<svg/>' },
      models: { 'a.sql': 'select 1 as id' },
    })
    expect((await project.run('run')).code).toBe(0)
    project.remove('target')
    expect((await project.run('docs', 'generate', '--no-compile')).code).toBe(0)
    expect([project.exists('target/manifest.json'), project.exists('target/catalog.json')]).toEqual([false, true])
    expect((await project.run('docs', 'generate')).code).toBe(0)
    expect(project.read('target/pictures/a.svg')).toBe('<svg/>')
    expect([project.exists('target/not-there'), project.exists('target/manifest.json')]).toEqual([false, true])
  })

  it('show is not told how many rows: its limit of 5 stands among the arguments', async () => {
    const project = make({ models: { 'a.sql': 'select 1 as id' } })
    await project.run('show', '--inline', 'select 1 as id')
    expect(project.json<{ args: { limit: number } }>('target/run_results.json').args.limit).toBe(5)
  })

  it('show writes numbers as Python does: fractions keep their point, long integers their digits', async () => {
    const project = make({ models: { 'm.sql': 'select 1 as id' } })
    const sql =
      'select 1.0::double as f, 12345678901234567890::hugeint as h, 2.00::decimal(9, 2) as d, 3 as i, null as n'
    const { stdout } = await project.run('show', '--quiet', '--inline', sql, '--output', 'json')
    expect(stdout.replace(/\s/g, '')).toBe('{"show":[{"f":1.0,"h":12345678901234567890,"d":2.0,"i":3,"n":null}]}')
  })

  it('an ephemeral model that nothing refers to is rendered, and a retry knows what was asked', async () => {
    const project = make({
      models: {
        'a.sql': 'select 1 as id',
        'alone.sql': "{{ config(materialized='ephemeral') }}\nselect * from {{ ref('a') }}",
        'bad.sql': 'select nothing_such from {{ ref("a") }}',
      },
    })
    expect((await project.run('build', '--threads', '2', '--vars', '{x: 1}')).code).toBe(1)
    expect(readFileSync(join(project.dir, 'target/compiled/test/models/alone.sql'), 'utf8')).toContain('select * from')
    expect(Object.keys(project.statuses()).sort()).toEqual(['model.test.a', 'model.test.bad'])
    const plan = await project.run('retry', '--plan')
    expect(plan.code).toBe(0)
    expect(plan.stdout).toContain('error in the previous run')
    expect(plan.stdout).not.toContain('START')
    expect((await project.run('retry')).code).toBe(1)
    const { args } = JSON.parse(readFileSync(join(project.dir, 'target/run_results.json'), 'utf8')) as {
      args: Record<string, unknown>
    }
    expect(args).toMatchObject({
      which: 'build',
      invocation_command: 'plumb retry',
      vars: { x: 1 },
      threads: 2,
      project_dir: project.dir,
      profiles_dir: project.dir,
      log_path: join(project.dir, 'logs'),
      resource_types: [],
      show: false,
    })
    expect(args).not.toHaveProperty('full_refresh')
    expect(args).not.toHaveProperty('plan')
    const summary = JSON.parse(readFileSync(join(project.dir, 'target/graph_summary.json'), 'utf8')) as {
      linked: Record<string, { name: string; type: string; succ?: number[] }>
    }
    const byName = Object.values(summary.linked)
    const a = byName.find(({ name }) => name === 'model.test.a')!
    expect(a.succ!.map((i) => summary.linked[i]!.name).sort()).toEqual(['model.test.alone', 'model.test.bad'])
    expect(summary).toHaveProperty('with_test_edges')
  })

  it('a hook asks the configuration of a result for what it has not got: it is None', async () => {
    const asks = ['materialized', 'full_refresh', 'nothing_such', "get('nothing_such', 7)", "get('severity')"]
    const shown = asks.map((ask) => `results[0].node.config.${ask}`).join(" ~ ' ' ~ ")
    const project = make({
      'dbt_project.yml': config(`on-run-end: "{{ log('config: ' ~ ${shown}, info=true) }}"\n`),
      models: { 'm.sql': 'select 1 as id' },
      tests: { 't.sql': "select 1 from {{ ref('m') }} where 1 = 0" },
    })
    expect((await project.run('run')).stdout).toContain('config: view None None 7 None')
    expect((await project.run('test')).stdout).toContain('config: test None None 7 ERROR')
  })

  it('debug finds no profiles.yml: it says where it looked', async () => {
    const project = make({})
    const { code, stdout } = await project.run('debug', '--connection', '--profiles-dir', 'NONE')
    expect(code).toBe(1)
    expect(stdout).toContain('1 check failed')
    expect(stdout).toContain('dbt looked for a profiles.yml file in NONE/profiles.yml')
  })

  it('nothing changed since the last parse: what is to be said each time is said again', async () => {
    const project = make({
      models: {
        'a.sql': 'select 1 as id',
        's.yml': 'models:\n  - name: a\n    deprecation_date: 2020-01-01\n',
      },
    })
    const first = await project.run('parse')
    const second = await project.run('parse')
    expect(first.stdout).toContain('[WARNING][DeprecatedModel]')
    expect(second.stdout).toContain('[WARNING][DeprecatedModel]')
    expect(project.read('logs/dbt.log')).toContain('Partial parsing enabled, no changes found, skipping parsing')
  })

  it('a generic test is not there: the rest of the project works, and the test fails', async () => {
    const project = make({
      models: {
        'a.sql': 'select 1 as id',
        's.yml': 'models:\n  - name: a\n    columns:\n      - name: id\n        data_tests: [no_such_test]\n',
      },
    })
    expect((await project.run('build')).code).toBe(1)
    expect(project.statuses()).toEqual({
      'model.test.a': 'success',
      [project.results().find((row) => row.unique_id.startsWith('test.'))?.unique_id ?? '']: 'error',
    })
    const message = project.results().find((row) => row.status === 'error')?.message
    expect(message).toContain(
      "'test_no_such_test' is undefined. This can happen when calling a macro that does not exist.",
    )
  })

  it('a variable of the environment has an old name, or an engine name: both are heard', async () => {
    const project = make({
      models: { 'a.sql': "select '{{ env_var('DBT_FULL_REFRESH', 'none') }}' as seen" },
    })
    const { stdout } = await project.runWith(
      { DBT_NO_PRINT: '1', DBT_ENGINE_FULL_REFRESH: 'True', DBT_ENGINE_MINE: '1' },
      'compile',
      '--select',
      'a',
    )
    expect(stdout).toContain('The environment variable `DBT_NO_PRINT` has been renamed as `DBT_ENGINE_PRINT`')
    expect(stdout).toContain('Found custom environment variable `DBT_ENGINE_MINE`')
    expect(stdout).toContain("select 'True' as seen")
  })

  it('catalogs.yml does not say which integration counts: the place is shown', async () => {
    const project = make({
      'catalogs.yml':
        'catalogs:\n  - name: lake\n    write_integrations:\n      - {name: a, catalog_type: x}\n      - {name: b, catalog_type: x}\n',
    })
    const { code, stdout } = await project.run('parse')
    expect(code).toBe(2)
    expect(stdout).toContain("Catalog 'lake' must specify an 'active_write_integration' when multiple")
    expect(stdout).toContain('catalogs.yml:2')
  })

  it('the project has a catalogue macro of its own: it is asked', async () => {
    const project = make({
      macros: {
        'c.sql':
          "{% macro get_catalog(information_schema, schemas) %}{% do exceptions.raise_compiler_error('no catalogue') %}{% endmacro %}",
      },
      models: { 'a.sql': 'select 1 as id' },
    })
    const { code, stdout } = await project.run('docs', 'generate')
    expect(code).toBe(1)
    expect(stdout).toContain('Encountered an error while generating catalog: no catalogue')
  })
})
