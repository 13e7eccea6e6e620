import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenDoor } from '../../../src/serve/door.js'
import { type TestProject, testProject } from '../../support/project.js'
import { type OpenedService, openService, SHOP } from '../../support/served-project.js'
import { openDoor } from './door.js'

let project: TestProject
let opened: OpenedService
let door: OpenDoor
let client: pg.Client

beforeAll(async () => {
  project = testProject(SHOP)
  const built = await project.run('build')
  expect(built.code, built.stdout).toBe(0)
  opened = await openService(project.dir)
  door = await openDoor(opened.service, undefined, {}, (level, message) => level === 'warn' && console.warn(message))
  client = new pg.Client({ host: '127.0.0.1', port: door.address.port, user: 'ann', database: 'test' })
  await client.connect()
})
afterAll(async () => {
  await client?.end()
  await door?.close(100)
  await opened?.close()
  project?.dispose()
})

/** Rows as lists of values, numbers as numbers, times as days. */
const rows = async (sql: string, values?: unknown[]): Promise<unknown[][]> => {
  const result = await client.query({ text: sql, rowMode: 'array', ...(values === undefined ? {} : { values }) })
  return result.rows.map((row: unknown[]) =>
    row.map((cell) =>
      cell instanceof Date
        ? cell.toISOString().slice(0, 10)
        : typeof cell === 'string' && /^-?\d+(\.\d+)?$/.test(cell)
          ? Number(cell)
          : cell,
    ),
  )
}
const columns = async (sql: string): Promise<string[]> => (await client.query(sql)).fields.map((field) => field.name)
const refused = async (sql: string): Promise<{ code: string; message: string; hint: string; position?: string }> => {
  try {
    await client.query(sql)
  } catch (error) {
    const { code = '', message, hint = '', position } = error as pg.DatabaseError
    return { code, message, hint, ...(position === undefined ? {} : { position }) }
  }
  throw new Error(`was answered: ${sql}`)
}

/** The same question asked of the models by hand. */
const JOINED = 'main.orders o join main.customers c on c.customer_id = o.customer_id'
const byHand = {
  regions: `select c.region, sum(o.amount) from ${JOINED} group by 1 order by 1`,
  months:
    "select cast(date_trunc('month', ordered_at) as date), sum(amount), count(*) from main.orders group by 1 order by 1",
}

describe('a table of metrics', () => {
  it('answers metrics by dimension, however the metric is written', async () => {
    const expected = await rows(byHand.regions)
    expect(expected).toHaveLength(3)
    for (const metric of ['measure(revenue)', 'sum(revenue)', 'agg(revenue)', 'MEASURE("revenue")', 'revenue']) {
      expect(
        await rows(`select customer__region, ${metric} from metrics.orders group by 1 order by 1`),
        metric,
      ).toEqual(expected)
    }
    expect(await rows('select customer__region, revenue from orders order by 1')).toEqual(expected)
    expect(await rows('select region, revenue from metrics.all_metrics order by region')).toEqual(expected)
  })

  it('takes grains from date_trunc, casts and names', async () => {
    const expected = await rows(byHand.months)
    for (const month of [
      "date_trunc('month', ordered_at)",
      "date_trunc('month', cast(ordered_at as timestamp))",
      "cast(date_trunc('month', ordered_at) as date)",
      'ordered_at__month',
    ]) {
      expect(
        await rows(`select ${month} as m, sum(revenue), measure(orders) from orders group by 1 order by 1`),
        month,
      ).toEqual(expected)
    }
    const days = await rows(
      "select ordered_at::date, revenue from orders where ordered_at < '2024-01-10' group by 1 order by 1",
    )
    expect(days).toEqual(
      await rows(
        "select ordered_at::date, sum(amount) from main.orders where ordered_at < '2024-01-10' group by 1 order by 1",
      ),
    )
    expect(days.length).toBeGreaterThan(1)
  })

  it('reads parts of times', async () => {
    expect(
      await rows('select extract(month from ordered_at) as m, sum(revenue) from orders group by 1 order by 1'),
    ).toEqual(await rows('select extract(month from ordered_at), sum(amount) from main.orders group by 1 order by 1'))
    expect(
      await rows('select extract(dow from ordered_at) as d, sum(revenue) from orders group by 1 order by 1'),
    ).toEqual(await rows('select extract(dow from ordered_at), sum(amount) from main.orders group by 1 order by 1'))
  })

  it('filters before, and by HAVING after the metrics', async () => {
    const by = (where: string) => `select channel, sum(amount) from ${JOINED} where ${where} group by 1 order by 1`
    for (const [ours, hand] of [
      ["customer__region = 'north'", "c.region = 'north'"],
      [
        "customer__region in ('north', 'west') and ordered_at >= '2024-02-01'",
        "c.region in ('north', 'west') and o.ordered_at >= '2024-02-01'",
      ],
      [
        "ordered_at between '2024-01-05' and '2024-02-20'",
        "cast(o.ordered_at as date) between '2024-01-05' and '2024-02-20'",
      ],
      ["customer__region like 'n%' or tier = 'gold'", "c.region like 'n%' or c.tier = 'gold'"],
      ["date_trunc('month', ordered_at) = '2024-02-01'", "date_trunc('month', o.ordered_at) = '2024-02-01'"],
      ["not (upper(customer__region) = 'NORTH') and customer__email is not null", "c.region <> 'north'"],
      [
        "ordered_at > timestamp '2024-03-31' - interval '40 days'",
        "cast(o.ordered_at as date) > timestamp '2024-03-31' - interval '40 days'",
      ],
    ] as const) {
      expect(
        await rows(`select channel, measure(revenue) from orders where ${ours} group by channel order by 1`),
        ours,
      ).toEqual(await rows(by(hand)))
    }
    expect(
      await rows(
        'select region, sum(revenue) from orders group by 1 having sum(revenue) > 950 and measure(orders) > 1 order by 1',
      ),
    ).toEqual((await rows(byHand.regions)).filter((row) => Number(row[1]) > 950))
    expect(await rows('select region, revenue from orders where revenue > 950 order by 1')).toEqual(
      (await rows(byHand.regions)).filter((row) => Number(row[1]) > 950),
    )
  })

  it('orders, limits and computes around metrics', async () => {
    expect(await rows('select region, revenue / orders * 2 as x from orders order by revenue desc limit 1')).toEqual([
      ['north', 100],
    ])
    expect(await rows('select region, rank() over (order by revenue desc) as r from orders order by 1')).toEqual([
      ['north', 1],
      ['south', 3],
      ['west', 2],
    ])
    expect(await columns('select region, sum(revenue), measure(orders) as n from orders group by 1')).toEqual([
      'region',
      'sum',
      'n',
    ])
    expect(await rows('select region from orders order by 1 offset 1 limit 1')).toEqual([['south']])
    expect(await rows('select coalesce(sum(revenue), 0)::int from orders')).toEqual([[2920]])
    expect(await rows('select distinct region from orders order by 1')).toEqual([['north'], ['south'], ['west']])
    expect(await rows('select min(ordered_at), max(ordered_at), count(distinct region) from orders')).toEqual(
      await rows(
        'select cast(min(ordered_at) as date), cast(max(ordered_at) as date), count(distinct region) from main.orders',
      ),
    )
  })

  it('groups metrics that add up by expressions, and refuses the others', async () => {
    const made = "case when customer__region = 'north' then 'n' else 'other' end"
    expect(await rows(`select ${made} as g, sum(revenue) from orders group by 1 order by 1`)).toEqual(
      await rows(
        `select case when c.region = 'north' then 'n' else 'other' end, sum(o.amount) from ${JOINED} group by 1 order by 1`,
      ),
    )
    const error = await refused(`select ${made} as g, measure(order_value) from orders group by 1`)
    expect(error.code).toBe('0A000')
    expect(error.message).toContain('order_value')
    expect(error.hint).toContain('MEASURE(order_value)')
    expect(Number(error.position)).toBeGreaterThan(10)
  })

  it('sees through the sub-selects that tools write', async () => {
    const expected = await rows(byHand.regions)
    const inner = 'select customer__region as region, revenue, order_value from metrics.orders'
    expect(await rows(`select t.region, sum(t.revenue) from (${inner}) t group by 1 order by 1`)).toEqual(expected)
    expect(await rows(`select t.region, measure(t.order_value) from (${inner}) t group by 1 order by 1`)).toEqual([
      ['north', 50],
      ['south', 47],
      ['west', 49],
    ])
    expect(
      await rows(
        `select * from (select region, measure(revenue) as r from orders group by 1) x where r > 950 order by 1 limit 10`,
      ),
    ).toEqual(expected.filter((row) => Number(row[1]) > 950))
    expect(
      await rows(`select count(*) from (select region, measure(order_value) as r from orders group by 1) x`),
    ).toEqual([[3]])
    expect(
      await rows(`with r as (select region, revenue from orders) select max(revenue), sum(revenue) from r`),
    ).toEqual([[1000, 2920]])
    expect(await rows(`select sum(r) from (select region, measure(revenue) as r from orders group by 1) x`)).toEqual([
      [2920],
    ])
  })

  it('joins results, and results with models', async () => {
    expect(
      await rows(
        `select c.tier, count(*) from main.customers c join (select region, measure(revenue) as r from orders group by 1) m
           on m.region = c.region where m.r > 950 group by 1 order by 1`,
      ),
    ).toEqual(await rows("select tier, count(*) from main.customers where region <> 'south' group by 1 order by 1"))
  })

  it('answers saved queries and every dbt form of a call', async () => {
    expect(await rows('select * from by_region order by 1')).toEqual(await rows(byHand.regions))
    expect(await rows('select sum(revenue) from by_region')).toEqual([[2920]])
    const months = (await rows(byHand.months)).map(([month, revenue]) => [month, revenue])
    for (const call of [
      "{{ semantic_layer.query(metrics=['revenue'], group_by=[Dimension('metric_time').grain('month')], order_by=['metric_time__month']) }}",
      "semantic_layer.query(metrics => ARRAY['revenue'], group_by => ARRAY['metric_time__month'], order_by => 'metric_time__month')",
      "{{ semantic_layer.query(metrics=[Metric('revenue')], group_by=[TimeDimension('metric_time', 'month')], order_by=[Dimension('metric_time').grain('month')]) }}",
    ]) {
      expect(await rows(`select * from ${call}`), call).toEqual(months)
    }
    expect(
      await rows(
        `select * from {{ semantic_layer.query(metrics=['revenue'], where="{{ Dimension('customer__region') }} = 'north'", limit=5) }}`,
      ),
    ).toEqual([[1000]])
    expect(await rows("select name from {{ semantic_layer.metrics(search='order') }} order by 1")).toEqual([
      ['order_value'],
      ['orders'],
    ])
    expect(
      await rows(
        "select qualified_name from {{ semantic_layer.dimensions(metrics=['revenue']) }} where type = 'time' order by 1",
      ),
    ).toEqual([['metric_time'], ['order__ordered_at']])
    expect(
      await rows(
        "select * from {{ semantic_layer.dimension_values(metrics=['revenue'], group_by=['customer__region']) }}",
      ),
    ).toEqual([['north'], ['south'], ['west']])
    expect(
      await rows("select * from {{ semantic_layer.queryable_granularities(metrics=['revenue']) }}"),
    ).toContainEqual(['month'])
    expect(
      (await rows("select name from {{ semantic_layer.metrics_for_dimensions(group_by=['customer__tier']) }}")).flat(),
    ).toContain('revenue')
    expect((await rows('select name, metrics from semantic_layer.saved_queries()')).flat()).toEqual([
      'by_region',
      'revenue',
    ])
    const [compiled] = await rows("select * from {{ semantic_layer.query(metrics=['revenue'], compile=True) }}")
    expect(String(compiled?.[0])).toMatch(/^SELECT[\s\S]*SUM/i)
  })

  it('gives no rows to who asks whether it may be read', async () => {
    expect(await rows('select true as "_" from metrics.orders where 1 <> 1 limit 0')).toEqual([])
    expect(await rows('select 1 from metrics.orders where false')).toEqual([])
    expect(await rows('select true as "_" from main.orders where 1 <> 1 limit 0')).toEqual([])
    await expect(rows('select true from metrics.orders where 1 = 1')).rejects.toMatchObject({ code: '0A000' })
  })

  it('reads arrays as PostgreSQL writes them', async () => {
    expect(await rows(`select '{1,2}'::int[] as n, '{"a b",null,c}'::text[] as t, '{}'::int[] as none`)).toEqual([
      [[1, 2], ['a b', null, 'c'], []],
    ])
  })

  it('takes parameters wherever values stand', async () => {
    expect(
      await rows('select region, revenue from orders where region = $1 and ordered_at >= $2', ['north', '2024-01-01']),
    ).toEqual([['north', 1000]])
    expect(await rows('select count(*) from main.customers where customer_id = any($1)', [[1, 2, 3]])).toEqual([[3]])
    expect(
      await rows('select count(*) from main.customers where name = $1', ["x'; drop table main.customers; --"]),
    ).toEqual([[0]])
    expect(await rows('select count(*) from main.orders where 1 = $1', [1])).toEqual([[60]])
    expect(await rows('select revenue from orders where region = $1', ["{{ Metric('revenue') }}"])).toEqual([[null]])
  })
})

describe('what cannot be answered rightly', () => {
  it.each([
    ['select sum(order_value) from orders', '0A000', 'MEASURE(order_value)'],
    ['select avg(revenue) from orders', '0A000', 'SUM(revenue)'],
    [
      'select sum(r) from (select region, measure(order_value) as r from orders group by 1) x',
      '0A000',
      'MEASURE(order_value)',
    ],
    [
      'select avg(r) from (select region, measure(order_value) as r from orders group by 1) x',
      '0A000',
      'MEASURE(order_value)',
    ],
    [
      'select sum(m.r) from main.customers c join (select region, measure(revenue) as r from orders group by 1) m on m.region = c.region',
      '0A000',
      'MEASURE(revenue)',
    ],
    ['select * from metrics.orders o join main.customers c on true', '0A000', 'join a result'],
    ['select count(*) from metrics.orders', '0A000', 'COUNT(*) FROM (SELECT'],
    ['select channel, measure(revenue) from orders', '42803', ''],
    ['select measure(revenue) from orders where revenue > 1', '42803', 'HAVING'],
    ["select measure(revenue) filter (where channel = 'web') from orders", '0A000', 'WHERE'],
    ['select regoin, revenue from orders', '42703', 'region'],
    ['select * from ordres', '42P01', 'orders'],
    ['select measure(amount) from main.orders', '42883', 'metrics'],
    ['insert into main.orders values (1)', '25006', 'plumb build'],
    ['create table x (a int)', '25006', ''],
    ["select pg_read_file('/etc/passwd') from main.orders", '42883', ''],
    ["select * from read_csv('/etc/passwd')", '42883', ''],
    ["select getenv('HOME') from main.orders", '42883', ''],
    ['select * from main.orders, pg_catalog.pg_class', '0A000', 'one after the other'],
    ["copy main.orders to '/tmp/x'", '42501', 'STDOUT'],
    ["copy main.orders to program 'id'", '42501', 'STDOUT'],
  ])('%s', async (sql, code, hint) => {
    const error = await refused(sql)
    expect({ code: error.code, sql }).toEqual({ code, sql })
    expect(error.hint).toContain(hint)
  })
})

describe('the proof', () => {
  it('comes as a notice, and can be turned off', async () => {
    const seen: string[] = []
    const listen = (notice: { message?: string | undefined }): void => void seen.push(notice.message ?? '')
    client.on('notice', listen)
    await rows('select revenue from orders')
    expect(seen.join()).toMatch(/plumbline: build [0-9a-f-]{36} .*tested/)
    seen.length = 0
    await client.query('set plumbline.proof = off')
    await rows('select revenue from orders')
    expect(seen).toEqual([])
    await client.query('reset plumbline.proof')
    client.off('notice', listen)
  })
})
