import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type DiffTable, renderTableDiff } from '../../../src/run/table-diff/render-diff.js'

interface RecordedDiff {
  readonly columns: string[]
  readonly expected: DiffTable['rows']
  readonly actual: DiffTable['rows']
  /** What the daff tool prints for them, without colours; null when nothing differs. */
  readonly shown: string | null
}

const recorded = JSON.parse(
  readFileSync(fileURLToPath(new URL('fixtures/table-diffs.json', import.meta.url)), 'utf8'),
) as RecordedDiff[]

describe('differences of tables', () => {
  test.each(recorded.map((each, number) => [number, each] as const))(
    'recorded case %i looks as with daff',
    (_, each) => {
      const { columns } = each
      const shown = renderTableDiff({ columns, rows: each.expected }, { columns, rows: each.actual })
      expect(shown).toBe(each.shown)
    },
  )

  test('a changed cell, a new row and one that is gone', () => {
    const columns = ['id', 'status']
    const rows = (...ids: [string, string | null][]) => ({ columns, rows: ids })
    expect(
      renderTableDiff(rows(['1', 'paid'], ['2', 'open']), rows(['1', 'open'], ['3', null]))?.split('\r\n'),
    ).toEqual(['@@ ,id,status', '→  ,1 ,paid→open', '+++,3 ,null', '---,2 ,open', ''])
  })

  test('equal tables do not differ', () => {
    const table = { columns: ['a'], rows: [['1'], [null]] }
    expect(renderTableDiff(table, table)).toBeNull()
    expect(renderTableDiff({ columns: ['a'], rows: [] }, { columns: ['a'], rows: [] })).toBeNull()
  })
})
