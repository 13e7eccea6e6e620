import { describe, expect, it } from 'vitest'
import { writtenTables } from '../../src/sql/analyze/index.js'

const names = (sql: string): string[] => writtenTables(sql).map(({ start, end }) => sql.slice(start, end))

describe('tables that a statement names with a schema', () => {
  it.each([
    ['select * from a.b', ['a.b']],
    [
      'select * from "dev"."main"."My ""Orders""" as o, s.t u join x.y.z using (id)',
      ['"dev"."main"."My ""Orders"""', 's.t', 'x.y.z'],
    ],
    ['select * from `p`.`d`.`t`', ['`p`.`d`.`t`']],
    [
      'with c as (select * from s.a) select * from c, (select 1 from s.b where x in (select y from s.c)) d',
      ['s.a', 's.b', 's.c'],
    ],
    ['select * from (s.a join s.b on true) left join lateral (select 1 from s.c) q on true', ['s.a', 's.b', 's.c']],
    ['from s.a select x union all select y from s.b', ['s.a', 's.b']],
    ['select 1 from orders', []],
    ['select 1 from s.fn(1), generate_series(1, 2) g, unnest(o.items)', []],
    ['select extract(year from o.d), trim(both from o.x), substring(o.x from 2) from s.a o', ['s.a']],
    ['select a is distinct from b.c, a is not distinct from d.e from s.a', ['s.a']],
    ['select * from orders o, o.items i, unnest(i.x) join o.more', []],
    ["select 'from a.b' as x -- from c.d\n/* from e.f */ from s.a where t.y = 'join g.h'", ['s.a']],
    ['select a.b, c.d from s.t a, s.u c where a.b = c.d order by a.b, c.d', ['s.t', 's.u']],
    ['select $$ from a.b $$ from s.t', ['s.t']],
  ])('%s', (sql, expected) => {
    expect(names(sql)).toEqual(expected)
  })
})
