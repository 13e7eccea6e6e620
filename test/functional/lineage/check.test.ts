import { afterEach, describe, expect, it } from 'vitest'
import { type TestProject, testProject } from '../../support/project.js'

let project: TestProject
afterEach(() => project.dispose())

const COLUMNS =
  "select {% for c in adapter.get_columns_in_relation(ref('raw')) %}{{ c.name }}, {% endfor %}1 as one from {{ ref('raw') }}"

describe('compile --check', () => {
  it('answers templates that ask for columns with those of the code, built or not', async () => {
    project = testProject({
      models: {
        'raw.sql': "{{ config(materialized='table') }}select 1 as id",
        'copies.sql': COLUMNS,
        'last.sql': "select id, one from {{ ref('copies') }}",
      },
    })
    expect((await project.run('compile', '--check')).stdout).toContain('Checked 3 models: everything fits')
    expect((await project.run('build')).code).toBe(0)
    project.write({ models: { 'raw.sql': "{{ config(materialized='table') }}select 1 as key" } })
    const { stdout } = await project.run('compile', '--check')
    expect(stdout).toContain('Column id is gone, but it is used by')
    expect(stdout).toContain('models/last.sql:1:8')
    expect(stdout).not.toContain('Error in model copies')
  })

  it('keeps the columns that a table has to which a run only adds', async () => {
    project = testProject({
      models: {
        'raw.sql': "{{ config(materialized='incremental') }}select 1 as id",
        'copies.sql': COLUMNS,
      },
    })
    expect((await project.run('build')).code).toBe(0)
    project.write({ models: { 'raw.sql': "{{ config(materialized='incremental') }}select 1 as id, 2 as more" } })
    expect((await project.run('compile', '--check', '-s', 'copies')).stdout).toContain('everything fits')
  })

  it('checks what is behind a fault against what the model promises or lists', async () => {
    project = testProject({
      models: {
        'wide.sql': "select 1 as id, 'x' as name union all select 2",
        'child.sql': "select id + 1 as next, upper(name) as name from {{ ref('wide') }}",
        'wrong.sql': "select nothing from {{ ref('wide') }}",
        'promised.sql': 'select nowhere as id',
        'keeps.sql': "select id.part as part from {{ ref('promised') }}",
        'schema.yml':
          'models: [{name: promised, config: {contract: {enforced: true}}, columns: [{name: id, data_type: int}]}]',
      },
    })
    const { stdout, code } = await project.run('compile', '--check')
    expect(code).toBe(1)
    expect(stdout).toContain('What reads wide, which has a fault, was checked against the columns that its SQL lists')
    expect(stdout).toContain(
      'What reads promised, which has a fault, was checked against the columns that its contract',
    )
    expect(stdout).not.toContain('What reads wrong')
    expect(stdout).toContain('Checked 5 models: 4 faults')
    expect(stdout).toContain('models/wrong.sql:1:8')
    expect(stdout).toContain('Error in model keeps (models/keeps.sql)')
    expect(stdout).not.toContain('models/child.sql')
  })

  it('reads tables by grammar, and points at what made them', async () => {
    project = testProject({
      macros: {
        'm.sql':
          '{% macro config_of() %}{{ config(tags=["x"]) }}{% endmacro %}\n{% macro body() %}select id from {{ target.schema }}.raw{% endmacro %}',
      },
      models: {
        'raw.sql': 'select 1 as id',
        'here.sql': "with raw as (select 1 as id) select id from raw, {{ ref('raw') }} as other(n)",
        'alone.sql': 'select id from raw',
        'by_macro.sql': '{{ config_of() }}\n\n{{ body() }}',
      },
    })
    const { stdout } = await project.run('compile', '--check')
    expect(stdout).toContain('models/alone.sql:1:16')
    expect(stdout).toContain('models/by_macro.sql:3:1')
    expect(stdout.match(/is written out/g)).toHaveLength(2)
  })
})
