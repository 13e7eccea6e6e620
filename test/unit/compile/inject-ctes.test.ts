import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { addCte, cteText, injectCtes } from '../../../src/compile/index.js'
import type { InjectedCte } from '../../../src/manifest/index.js'

/** Statements with one and with two CTEs before them, as dbt-core 1.11 writes them. */
const RECORDED = JSON.parse(readFileSync(join(import.meta.dirname, 'inject-ctes.recorded.json'), 'utf8')) as [
  string,
  string,
  string,
][]

const A: InjectedCte = { id: 'a', sql: cteText('__dbt__cte__a', 'select 1 as id') }
const B: InjectedCte = { id: 'b', sql: cteText('__dbt__cte__b', 'select 2') }

describe('injectCtes', () => {
  it.each(RECORDED)('writes %j as dbt does', (sql, withOne, withTwo) => {
    expect(injectCtes(sql, [A]).sql).toBe(withOne)
    expect(injectCtes(sql, [A, B]).sql).toBe(withTwo)
  })

  it('says where the text went', () => {
    const sql = 'with x as (select 1) select * from x'
    const { sql: injected, offset, length } = injectCtes(sql, [A])
    expect(injected.slice(0, offset) + injected.slice(offset + length)).toBe(sql)
  })

  it('leaves a statement alone that needs none', () => {
    expect(injectCtes('select 1', [])).toEqual({ sql: 'select 1', offset: 0, length: 0 })
  })
})

describe('addCte', () => {
  it('keeps one CTE of an id, in its first place', () => {
    const ctes: InjectedCte[] = []
    addCte(ctes, { ...A })
    addCte(ctes, { ...B })
    addCte(ctes, { id: 'a', sql: ' new' })
    addCte(ctes, { id: 'c', sql: '' })
    expect(ctes).toEqual([{ id: 'a', sql: ' new' }, B])
  })
})
