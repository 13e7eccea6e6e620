import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type TestProject, testProject } from '../../support/project.js'

// Data tests that need nothing beyond the built-in macros do not go through their templates. A project with a macro of
// its own does, even when that macro only calls the built-in one: both must be the same to whoever looks.

const PROJECT = {
  models: {
    'orders.sql':
      "select * from (values (1, 'a', 2.5), (2, 'b', null), (2, 'c', 4.0), (null, 'a', 1.0)) t(id, state, amount)",
    'customers.sql': 'select 1 as id',
    'schema.yml': `
version: 2
models:
  - name: orders
    columns:
      - name: id
        data_tests:
          - unique
          - not_null
          - not_null: {name: only_warned, config: {severity: warn}}
          - not_null: {name: some_allowed, config: {warn_if: '> 3', error_if: '>5'}}
          - unique: {name: part_of_it, config: {where: "state = 'a'"}}
          - not_null: {name: limited, config: {limit: 1}}
          - relationships: {arguments: {to: ref('customers'), field: id}}
          - not_null: {name: no_such_column, config: {where: 'nowhere = 1'}}
      - name: state
        data_tests:
          - accepted_values: {arguments: {values: [a, b]}}
          - accepted_values: {name: in_words, arguments: {values: [a, b, c]}, config: {fail_calc: "coalesce(max(value_field), '0')"}}
      - name: amount
        data_tests:
          - not_null: {name: weighed, config: {fail_calc: 'sum(2.0)'}}
          - not_null: {name: in_halves, config: {fail_calc: 'sum(1.25)'}}
          - not_null: {name: kept, config: {store_failures: true}}
`,
  },
  tests: { 'cheap.sql': "-- singular\nselect * from {{ ref('orders') }} where amount < 2" },
}

/** Asks for the templates: this macro is the project's. */
const OWN_MACRO = {
  macros: { 'own.sql': '{% macro should_store_failures() %}{{ return(dbt.should_store_failures()) }}{% endmacro %}' },
}

const projects: TestProject[] = []
afterEach(() => {
  for (const project of projects.splice(0)) project.dispose()
})

interface Manifest {
  readonly nodes: Readonly<
    Record<string, { unique_id: string; resource_type: string; depends_on: { readonly macros: readonly string[] } }>
  >
}

/** What a run leaves for people and tools, without times and names of threads. */
async function traces(project: TestProject, ...args: string[]) {
  projects.push(project)
  const { code, lines } = await project.run('build', '--threads', '1', '--log-level-file', 'debug', ...args)
  const log = project.read('logs/dbt.log').split('\n')
  const statements = log.filter((line) => /Writing runtime sql|On test\.test\./.test(line))
  const folder = join(project.dir, 'target/run')
  const sql = (readdirSync(folder, { recursive: true }) as string[])
    .filter((path) => path.endsWith('.sql'))
    .sort()
    .map((path) => `${path}\n${project.read(join('target/run', path))}`)
  const results = project
    .results()
    .map(({ timing: _timing, execution_time: _seconds, ...result }) => result)
    .sort((a, b) => (a.unique_id < b.unique_id ? -1 : 1))
  return {
    code,
    lines: lines
      .map((line) => line.replace(/ in \d+\.\d+s|\d+\.\d+ seconds|\([\d.]+s\)/g, ''))
      .filter((line) => !/^Finished|Done/.test(line)),
    statements: statements.map((line) => line.replace(/^\S+ /, '')),
    sql,
    results,
    dependsOn: Object.values(project.json<Manifest>('target/manifest.json').nodes)
      .filter(({ resource_type }) => resource_type === 'test')
      .map(({ unique_id, depends_on }) => [unique_id, ...depends_on.macros])
      .sort(),
  }
}

describe('data tests without templates', () => {
  test('send the same statements, leave the same files and say the same as through the macros', async () => {
    const plain = await traces(testProject(PROJECT))
    const templated = await traces(testProject({ ...PROJECT, ...OWN_MACRO }))
    expect(plain.code).toBe(1)
    expect(plain.sql).toEqual(templated.sql)
    expect(plain.statements).toEqual(templated.statements)
    expect(plain.results).toEqual(templated.results)
    expect(JSON.stringify(plain.dependsOn)).toBe(
      JSON.stringify(templated.dependsOn).replaceAll('macro.test.should_store', 'macro.dbt.should_store'),
    )
    expect(plain.lines.map(withoutCounts)).toEqual(templated.lines.map(withoutCounts))
    expect(statusesOf(plain.results)).toMatchInlineSnapshot(`
      [
        "customers success null",
        "orders success null",
        "accepted_values_orders_state__a__b fail 1",
        "cheap fail 1",
        "in_halves error null",
        "in_words pass 0",
        "kept fail 1",
        "limited fail 1",
        "no_such_column error null",
        "not_null_orders_id fail 1",
        "only_warned warn 1",
        "part_of_it pass 0",
        "relationships_orders_id__id__ref_customers_ fail 2",
        "some_allowed pass 0",
        "unique_orders_id fail 1",
        "weighed fail 2",
      ]
    `)
  })

  test('a macro of the project decides, wherever it stands in the way', async () => {
    const project = testProject({
      ...PROJECT,
      macros: {
        'own.sql':
          '{% macro default__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) %}select 7 as failures, true as should_warn, true as should_error{% endmacro %}',
      },
    })
    await traces(project, '--select', 'orders', '--indirect-selection', 'cautious')
    expect(project.results().find(({ unique_id }) => /\.unique_orders_id\./.test(unique_id))?.failures).toBe(7)
  })

  test('--store-failures goes through the macros', async () => {
    const project = testProject(PROJECT)
    await traces(project, '--store-failures', '--select', 'orders')
    expect(await project.query('select count(*)::int n from main_dbt_test__audit.unique_orders_id')).toEqual([{ n: 1 }])
  })
})

/** The line that counts the project's macros. */
function withoutCounts(line: string): string {
  return line.replace(/\d+ macros?/, 'macros')
}

function statusesOf(results: readonly { unique_id: string; status: unknown; failures: unknown }[]): string[] {
  return results.map(
    ({ unique_id, status, failures }) => `${unique_id.split('.')[2]} ${String(status)} ${String(failures)}`,
  )
}
