import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SchemaDatabase } from '../../src/adapters/adapter.js'
import { loadAdapterPlugin } from '../../src/adapters/registry.js'
import { writtenTables } from '../../src/sql/analyze/index.js'

/** What DuckDB's own grammar says a query reads, beside what its words say there may be. */
describe('tables in a query', () => {
  let database: SchemaDatabase
  beforeAll(async () => {
    const plugin = await loadAdapterPlugin('duckdb')
    const credentials = plugin.credentials({ type: 'duckdb', path: ':memory:', schema: 'main' }, process.cwd())
    database = (await plugin.openSchemaDatabase?.(credentials))!
  })
  afterAll(() => database.close())

  it.each([
    ['select * from a.b o join "x y".z using (id), c', ['a.b', 'x y.z', 'c']],
    ['with c as (select * from raw.t), d as (select * from c) select * from d', ['raw.t']],
    ['with recursive r as (select 1 as n union all select n + 1 from r) select * from r', []],
    ['with t as (select 1) select * from (with u as (select 2) select * from u), t, v', ['v']],
    ['select (select max(x) from s.q) from t where exists (select 1 from s.v)', ['s.q', 's.v', 't']],
    ['select extract(day from o.d), trim(both from o.e) from o, unnest(o.items), generate_series(1, 2)', ['o']],
    ['unpivot s.t on a, b', ['s.t']],
  ])('%s', async (sql, expected) => {
    const found = await database.tablesIn(sql)
    expect(found?.map(({ parts }) => parts.join('.')).sort()).toEqual([...expected].sort())
    const words = writtenTables(sql, { bare: true }).map(({ parts }) => parts.join('.'))
    expect(expected.filter((name) => !words.includes(name))).toEqual([])
  })

  it('says where, in characters', async () => {
    const sql = 'select \'é\' from "dé".t'
    const [found] = (await database.tablesIn(sql))!
    expect(sql.slice(found!.at)).toMatch(/^"?dé"?\.t/)
  })

  it('does not know of what is no query', async () => {
    expect(await database.tablesIn('create table t (a int)')).toBeUndefined()
    expect(await database.tablesIn('select from')).toBeUndefined()
  })
})
