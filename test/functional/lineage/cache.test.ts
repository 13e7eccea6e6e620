import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestProject, testProject } from '../../support/project.js'

describe('what lineage keeps for the next time', () => {
  let project: TestProject

  beforeAll(async () => {
    project = testProject({
      models: {
        'raw.sql': "select 1 as id, 2 as amount, '{{ run_started_at }}' as read_at",
        'totals.sql': "select * from {{ ref('raw') }}",
        'aside.sql': 'select amount from main.late',
        'late.sql': "select amount from {{ ref('totals') }}",
      },
    })
    expect((await project.run('run')).code).toBe(1)
    expect((await project.run('run')).code).toBe(0)
  })
  afterAll(() => project.dispose())

  const edges = async (what: string): Promise<string[]> => {
    const result = await project.run('lineage', '-q', '--output', 'json', '--upstream', what)
    expect(result.stderr).toBe('')
    const slice = JSON.parse(result.stdout) as { edges: { from: string; to: string }[] }
    return slice.edges.map(({ from, to }) => `${from} ${to}`)
  }
  const written = (): number => statSync(join(project.dir, 'target/lineage_graph.json')).mtimeMs
  const statements = () =>
    Object.keys(project.json<{ statements: Record<string, unknown> }>('target/lineage_cache.json').statements).sort()

  it('answers from it while nothing changes', async () => {
    const first = await edges('totals.amount')
    expect(first).toEqual(['model.test.raw.amount model.test.totals.amount'])
    const at = written()
    expect(await edges('totals.amount')).toEqual(first)
    expect(written()).toBe(at)
  })

  it('reads a table that is written out, though it comes later in the graph', async () => {
    expect(await edges('aside.amount')).toContain('model.test.late.amount model.test.aside.amount')
  })

  it('reads only what changed, whatever the time of the run in the SQL', async () => {
    const before = statements()
    project.write({ models: { 'late.sql': "select id as amount from {{ ref('totals') }}" } })
    expect(await edges('late.amount')).toContain('model.test.totals.id model.test.late.amount')
    const after = statements()
    expect(after.filter((key) => !before.includes(key))).toHaveLength(1)
  })

  it('sees that the warehouse has changed', async () => {
    project.write({
      models: {
        // What a run only adds rows to keeps the columns of its table; of others the code says them.
        'raw.sql':
          "{{ config(materialized='incremental') }}select 1 as id, 2 as amount, '{{ run_started_at }}' as read_at",
        'late.sql':
          "select {% for c in adapter.get_columns_in_relation(ref('raw')) %}{{ c.name }}, {% endfor %} 1 as one from {{ ref('raw') }}",
      },
    })
    expect(await edges('late.id')).toEqual(['model.test.raw.id model.test.late.id'])
    await project.query('drop view if exists main.raw; create table main.raw as select 5 as other')
    const result = await project.run('lineage', '-q', 'late.id')
    expect(result.stderr).toContain("late has no column 'id'")
  })
})
