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

  it('debug finds no profiles.yml: it says where it looked', async () => {
    const project = make({})
    const { code, stdout } = await project.run('debug', '--connection', '--profiles-dir', 'NONE')
    expect(code).toBe(1)
    expect(stdout).toContain('1 check failed')
    expect(stdout).toContain('dbt looked for a profiles.yml file in NONE/profiles.yml')
  })
})
