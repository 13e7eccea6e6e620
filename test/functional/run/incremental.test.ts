import { afterEach, describe, expect, it } from 'vitest'
import { type TestProject, testProject } from '../../support/project.js'

let project: TestProject
afterEach(() => project.dispose())

const SOURCE = 'id,name\n1,a\n2,b\n'

async function plumb(...args: string[]): Promise<string> {
  const { code, stdout } = await project.run(...args)
  expect(code, stdout).toBe(0)
  return stdout
}

function incremental(config: string, columns = '*'): string {
  return `{{ config(materialized='incremental', ${config}) }}\nselect ${columns} from {{ ref('s') }}\n`
}

describe('incremental models', () => {
  it.each([
    [
      'append',
      "incremental_strategy='append'",
      [
        { id: 1, name: 'a' },
        { id: 2, name: 'b' },
        { id: 2, name: 'changed' },
        { id: 3, name: 'c' },
      ],
    ],
    [
      'delete+insert',
      "incremental_strategy='delete+insert', unique_key='id'",
      [
        { id: 1, name: 'a' },
        { id: 2, name: 'changed' },
        { id: 3, name: 'c' },
      ],
    ],
    [
      'merge',
      "incremental_strategy='merge', unique_key='id'",
      [
        { id: 1, name: 'a' },
        { id: 2, name: 'changed' },
        { id: 3, name: 'c' },
      ],
    ],
  ])('%s', async (_, config, expected) => {
    project = testProject({ seeds: { 's.csv': SOURCE }, models: { 'm.sql': incremental(config) } })
    await plumb('build')
    project.write({ seeds: { 's.csv': 'id,name\n2,changed\n3,c\n' } })
    await plumb('build')
    expect(await project.query('select id, name from m order by id, name')).toEqual(expected)
  })

  it('start over with --full-refresh', async () => {
    project = testProject({ seeds: { 's.csv': SOURCE }, models: { 'm.sql': incremental("unique_key='id'") } })
    await plumb('build')
    project.write({ seeds: { 's.csv': 'id,name\n9,z\n' } })
    await plumb('build', '--full-refresh')
    expect(await project.query('select * from m')).toEqual([{ id: 9, name: 'z' }])
  })

  it.each([
    ['ignore', [{ id: 1 }, { id: 2 }]],
    [
      'append_new_columns',
      [
        { id: 1, extra: null },
        { id: 2, extra: 'x' },
      ],
    ],
    [
      'sync_all_columns',
      [
        { id: 1, extra: null },
        { id: 2, extra: 'x' },
      ],
    ],
  ])('on_schema_change: %s', async (mode, expected) => {
    project = testProject({
      models: {
        'm.sql': `{{ config(materialized='incremental', unique_key='id', on_schema_change='${mode}') }}\nselect 1 as id`,
      },
    })
    await plumb('run')
    project.write({
      models: {
        'm.sql': `{{ config(materialized='incremental', unique_key='id', on_schema_change='${mode}') }}\nselect 2 as id, 'x' as extra`,
      },
    })
    await plumb('run')
    expect(await project.query('select * from m order by id')).toEqual(expected)
  })

  it('on_schema_change: fail says what differs and changes nothing', async () => {
    const sql = (select: string) =>
      `{{ config(materialized='incremental', unique_key='id', on_schema_change='fail') }}\n${select}`
    project = testProject({ models: { 'm.sql': sql('select 1 as id') } })
    await plumb('run')
    project.write({ models: { 'm.sql': sql("select 2 as id, 'x' as extra") } })
    const { code, stdout } = await project.run('run')
    expect(code).toBe(1)
    expect(stdout).toContain('extra')
    expect(await project.query('select * from m')).toEqual([{ id: 1 }])
  })
})
