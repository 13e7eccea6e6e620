import { afterAll, describe, expect, it } from 'vitest'
import { testProject } from '../../support/project.js'

/** What a person sees when a model or a test fails: the place in their own file, and what to type next. */
describe('a failure', () => {
  const project = testProject({
    models: {
      'a.sql': "select 1 as id, 'x' as name",
      'b.sql': "{{ config(materialized='table') }}\n\nselect\n  id,\n  nam\nfrom {{ ref('a') }}\n",
      'c.sql': "select *\nfrom {{ ref('a') }}\nwhere {{ 'idd' }} = 1\n",
      'schema.yml':
        'models:\n  - name: a\n    columns:\n      - name: id\n        data_tests:\n' +
        '          - accepted_values: {arguments: {values: [3]}}\n',
    },
    tests: { 'none.sql': "select id\nfrom {{ ref('a') }}\nwhere idd > 0\n" },
  })
  afterAll(() => project.dispose())

  it('of the warehouse points at the line of the template', async () => {
    const { code, stdout } = await project.run('run')
    expect(code).toBe(1)
    expect(stdout).toContain('Referenced column "nam" not found')
    expect(stdout).toContain('--> models/b.sql:5:3')
    expect(stdout).toMatch(/5 \|\s{3}nam\n\s+\|\s{3}\^\^\^/)
  })

  it('in what an expression wrote points at the expression', async () => {
    const { stdout } = await project.run('run', '--select', 'c')
    expect(stdout).toContain('--> models/c.sql:3:7')
    expect(stdout).toContain("where {{ 'idd' }} = 1")
  })

  it('of a singular test points at its file', async () => {
    await project.run('run', '--select', 'a')
    const { stdout } = await project.run('test', '--select', 'none')
    expect(stdout).toContain('--> tests/none.sql:3:7')
  })

  it('keeps the message of the artifact as dbt writes it', async () => {
    await project.run('run', '--select', 'b')
    const message = project.results()[0]?.message
    expect(message).toMatch(/^Runtime Error in model b \(models\/b\.sql\)\n {2}Binder Error: /)
    expect(message).not.toContain('-->')
  })

  it('ends with the commands that come next', async () => {
    const { lines } = await project.run('test', '--select', 'accepted_values_a_id__3')
    expect(lines.join('\n')).toContain('plumb show --select accepted_values_a_id__3')
    expect(lines.join('\n')).toContain('plumb retry')
  })
})
