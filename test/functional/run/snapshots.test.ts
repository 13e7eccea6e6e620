import { afterEach, describe, expect, it } from 'vitest'
import { type TestProject, testProject } from '../../support/project.js'

let project: TestProject
afterEach(() => project.dispose())

async function take(rows: string): Promise<void> {
  project.write({ seeds: { 's.csv': `id,name,updated_at\n${rows}` } })
  for (const args of [['seed', '--full-refresh'], ['snapshot']]) {
    const { code, stdout } = await project.run(...args)
    expect(code, stdout).toBe(0)
  }
}

function yaml(config: string): string {
  return `snapshots:\n  - name: history\n    relation: ref('s')\n    config:\n      unique_key: id\n${config}`
}

describe('snapshots', () => {
  it('by timestamp keep the old row and when it ended', async () => {
    project = testProject({ snapshots: { 'h.yml': yaml('      strategy: timestamp\n      updated_at: updated_at\n') } })
    await take('1,a,2024-01-01 00:00:00\n2,b,2024-01-01 00:00:00\n')
    await take('1,changed,2024-02-01 00:00:00\n2,b,2024-01-01 00:00:00\n')
    expect(
      await project.query(
        'select id, name, dbt_valid_from::varchar as since, dbt_valid_to::varchar as until from history order by id, since',
      ),
    ).toEqual([
      { id: 1, name: 'a', since: '2024-01-01 00:00:00', until: '2024-02-01 00:00:00' },
      { id: 1, name: 'changed', since: '2024-02-01 00:00:00', until: null },
      { id: 2, name: 'b', since: '2024-01-01 00:00:00', until: null },
    ])
  })

  it('by check watch the columns they name', async () => {
    project = testProject({ snapshots: { 'h.yml': yaml('      strategy: check\n      check_cols: [name]\n') } })
    await take('1,a,2024-01-01 00:00:00\n')
    await take('1,a,2024-05-05 00:00:00\n')
    expect(await project.query('select count(*)::int as n from history')).toEqual([{ n: 1 }])
    await take('1,b,2024-05-05 00:00:00\n')
    expect(
      await project.query('select name, dbt_valid_to is null as is_current from history order by is_current'),
    ).toEqual([
      { name: 'a', is_current: false },
      { name: 'b', is_current: true },
    ])
  })

  it.each([
    [
      'ignore',
      [
        { id: 1, open: true },
        { id: 2, open: true },
      ],
    ],
    [
      'invalidate',
      [
        { id: 1, open: true },
        { id: 2, open: false },
      ],
    ],
  ])('hard_deletes: %s', async (mode, expected) => {
    project = testProject({
      snapshots: { 'h.yml': yaml(`      strategy: check\n      check_cols: all\n      hard_deletes: ${mode}\n`) },
    })
    await take('1,a,2024-01-01 00:00:00\n2,b,2024-01-01 00:00:00\n')
    await take('1,a,2024-01-01 00:00:00\n')
    expect(await project.query('select id, dbt_valid_to is null as open from history order by id')).toEqual(expected)
  })

  it('hard_deletes: new_record adds a row that says so', async () => {
    project = testProject({
      snapshots: { 'h.yml': yaml('      strategy: check\n      check_cols: all\n      hard_deletes: new_record\n') },
    })
    await take('1,a,2024-01-01 00:00:00\n2,b,2024-01-01 00:00:00\n')
    await take('1,a,2024-01-01 00:00:00\n')
    expect(
      await project.query(
        'select id, dbt_is_deleted as deleted, dbt_valid_to is null as open from history order by id, deleted',
      ),
    ).toEqual([
      { id: 1, deleted: 'False', open: true },
      { id: 2, deleted: 'False', open: false },
      { id: 2, deleted: 'True', open: true },
    ])
  })

  it('written as blocks work too', async () => {
    project = testProject({
      snapshots: {
        'h.sql':
          "{% snapshot history %}\n{{ config(unique_key='id', strategy='check', check_cols='all', target_schema='main') }}\nselect * from {{ ref('s') }}\n{% endsnapshot %}\n",
      },
    })
    await take('1,a,2024-01-01 00:00:00\n')
    expect(await project.query('select id, name from history')).toEqual([{ id: 1, name: 'a' }])
  })
})
