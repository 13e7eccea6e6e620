import { describe, expect, it } from 'vitest'
import { createAnalyzer, type StatementLineage } from '../../src/sql/analyze/index.js'

async function analyze(sql: string): Promise<StatementLineage> {
  return createAnalyzer({ dialect: 'duckdb', inThread: true }).analyze({ id: 'x', sql }, [])
}

const sources = ({ columns }: StatementLineage): Record<string, string[]> =>
  Object.fromEntries(
    columns.map(({ name, sources: list }) => [name ?? '', list.map(({ table, column }) => `${table}.${column}`)]),
  )

describe('tables whose columns nobody knows', () => {
  it('takes every name for one of theirs', async () => {
    const found = await analyze('select a, b + 1 as c from s.t')
    expect(sources(found)).toEqual({ a: ['s.t.a'], c: ['s.t.b'] })
    expect(found.tables).toEqual([{ table: 's.t', known: false }])
  })

  it('prefers the column over the alias that is made of it', async () => {
    expect(sources(await analyze('select cast(at as timestamp) as at from s.t'))).toEqual({ at: ['s.t.at'] })
  })

  it('says that * is not complete and still follows names through it', async () => {
    const star = await analyze('select * from s.t')
    expect(star.complete).toBe(false)
    const named = await analyze('with a as (select * exclude (x) from s.t) select b from a')
    expect(named.complete).toBe(true)
    expect(sources(named)).toEqual({ b: ['s.t.b'] })
  })

  it('says when a name may be of two tables', async () => {
    const found = await analyze('select a from s.t, s.u')
    expect(found.notes).toEqual(['a may be of any of s.t, s.u: their columns are not known'])
  })

  it('gives tables where the statement cannot be parsed', async () => {
    const found = await analyze('select a from s.t match_nonsense (1 2 3')
    expect(found.level).not.toBe('column')
    expect(found.reason).toMatch(/could not be parsed/)
  })
})
