import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PlumbError } from '../../src/core/diagnostic.js'
import { createSemanticEngine, type MetricQuery, readMetricQuery } from '../../src/semantic/index.js'
import { shopManifest } from './support/shop.js'
import { openShop, type ShopDatabase } from './support/shop-database.js'

const engine = createSemanticEngine(shopManifest(), { dialect: 'duckdb' })

function refusal(query: MetricQuery): string {
  try {
    return `not refused: ${engine.compile(query).sql}`
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    return error.diagnostics
      .map(({ message, hint }) => (hint === undefined ? message : `${message} | ${hint}`))
      .join('\n')
  }
}

describe('refusals', () => {
  test('an unknown metric, with the nearest', () => {
    expect(refusal({ metrics: ['revenu'] })).toMatch(/no metric 'revenu'.*did you mean 'revenue'/is)
  })

  test('an unknown dimension, with the nearest', () => {
    expect(refusal({ metrics: ['revenue'], groupBy: ['customer__county'] })).toContain('customer__country')
  })

  test('a dimension that only one of the metrics has', () => {
    expect(refusal({ metrics: ['revenue', 'visit_count'], groupBy: ['order__status'] })).toContain('visit_count')
  })

  test('a join that would count rows twice', () => {
    expect(refusal({ metrics: ['revenue'], groupBy: ['visit__visited_at'] })).toMatch(/visit__visited_at/)
  })

  test('an offset or a window without time', () => {
    expect(refusal({ metrics: ['revenue_growth'] })).toContain('grouped by time')
    expect(refusal({ metrics: ['revenue_7d'], groupBy: ['customer__country'] })).toContain('grouped by time')
  })

  test('a grain finer than the data', () => {
    expect(refusal({ metrics: ['revenue'], groupBy: ['metric_time__hour'] })).toContain('day, week, month')
  })

  test('an order by something else', () => {
    expect(refusal({ metrics: ['revenue'], orderBy: ['order_count'] })).toContain('order_count')
  })

  test('columns of one name', () => {
    const same = { name: 'order_count', alias: 'revenue' }
    expect(refusal({ metrics: ['revenue', same] })).toContain('revenue')
  })

  test('a filter through two joins, with how to write it', () => {
    const where = ["{{ Dimension('order__customer__country') }} = 'SE'"]
    expect(refusal({ metrics: ['revenue'], where })).toContain("Dimension('customer__country', entity_path=['order'])")
  })

  test('everything wrong at once, not one after the other', () => {
    expect(refusal({ metrics: ['revenu', 'order_cout'] }).split('\n').length).toBeGreaterThan(1)
  })

  test.each([
    [{ metrics: ['revenue'], limit: -1 }],
    [{ metrics: ['revenue'], limit: 1.5 }],
    [{}],
    [{ savedQuery: 'paid_by_contry' }],
    [{ savedQuery: 'paid_by_country', metrics: ['revenue'] }],
    [{ metrics: ['revenue'], timeRange: { start: 'yesterday' } }],
    [{ metrics: ['revenue'], minMaxOnly: true }],
    [{ metrics: ['revenue'], groupBy: ['order__status'], applyGroupBy: false }],
  ] satisfies [MetricQuery][])('%j', (query) => {
    expect(refusal(query)).not.toContain('not refused')
  })

  test.each([[7], [null], ['revenue'], [{ metrics: 7 }], [{ metrics: ['a', 1] }], [{ limit: '1' }], [{ where: {} }]])(
    'a request that is not of the form: %j',
    (json) => {
      expect(() => readMetricQuery(json)).toThrow(PlumbError)
    },
  )
})

/** Pieces that would change the statement if they reached it as they are. */
const ATTACKS = [
  "' OR 1=1 --",
  "'; DROP TABLE shop.orders; --",
  '1) UNION SELECT 1, 2 --',
  '(SELECT max(customer_id) FROM shop.customers)',
  'revenue" FROM shop.orders; --',
  "x' || (SELECT string_agg(country, ',') FROM shop.customers) || '",
  '*/ SELECT 1 /*',
  "\\' OR TRUE --",
  '{{ 1 }}',
  '{% for x in [1] %}1{% endfor %}',
  "read_csv('/etc/passwd')",
  'amount) FROM shop.orders --',
  'a\u0000b',
  '$$x$$',
  "E'\\x27'",
]

describe('what a caller writes never becomes SQL unchecked', () => {
  let shop: ShopDatabase
  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(() => shop.close())

  /** Either refused, or a statement that runs, returns the caller's text at most as a name or value, and harms nothing. */
  async function isHarmless(query: MetricQuery, attack: string): Promise<void> {
    let sql: string
    try {
      sql = engine.compile(query).sql
    } catch (error) {
      expect(error).toBeInstanceOf(PlumbError)
      return
    }
    const rest = withoutQuoted(sql)
    for (const word of ['DROP', 'UNION', 'read_csv', '--', ';', '{{', '{%']) expect(rest).not.toContain(word)
    expect(rest.match(/\bSELECT\b/g)?.length).toBe(
      withoutQuoted(engine.compile(PLAIN).sql).match(/\bSELECT\b/g)?.length,
    )
    if (!attack.includes('\u0000')) await shop.ask(sql)
    expect((await shop.ask('SELECT count(*) FROM shop.orders')).rows).toEqual([[10]])
  }

  const PLAIN: MetricQuery = { metrics: ['revenue'], groupBy: ['order__status'] }

  test.each(ATTACKS)('%j', async (attack) => {
    const places: MetricQuery[] = [
      { ...PLAIN, metrics: [attack] },
      { ...PLAIN, metrics: [`revenue: ${attack}`] },
      { ...PLAIN, metrics: [{ name: 'revenue', alias: attack }] },
      { ...PLAIN, metrics: [{ name: 'revenue', modifiers: [{ kind: 'trailing', count: 3, grain: attack }] }] },
      { ...PLAIN, metrics: [{ name: 'revenue', modifiers: [{ kind: 'share-of-total', within: [attack] }] }] },
      { ...PLAIN, groupBy: [attack] },
      { ...PLAIN, groupBy: [{ name: 'order__status', alias: attack }] },
      { ...PLAIN, groupBy: [{ name: 'metric_time', grain: attack }] },
      { ...PLAIN, groupBy: [{ name: 'metric_time', datePart: attack }] },
      { ...PLAIN, groupBy: [`Dimension('${attack}')`] },
      { ...PLAIN, where: [attack] },
      { ...PLAIN, where: [`{{ Dimension('order__status') }} = '${attack}'`] },
      { ...PLAIN, where: [`{{ Dimension('order__status') }} = ${attack}`] },
      { ...PLAIN, where: [`{{ Dimension('${attack}') }} = 'x'`] },
      { ...PLAIN, where: [`{{ TimeDimension('metric_time', '${attack}') }} > '2024-01-01'`] },
      { ...PLAIN, where: [`{{ Metric('revenue', group_by=['${attack}']) }} > 1`] },
      { ...PLAIN, orderBy: [attack] },
      { ...PLAIN, orderBy: [{ name: attack, descending: true }] },
      { ...PLAIN, timeRange: { start: attack } },
      { ...PLAIN, timeRange: { end: `2024-01-01${attack}` } },
      { savedQuery: attack },
      { ...PLAIN, limit: attack as unknown as number },
    ]
    for (const query of places) await isHarmless(query, attack)
  })

  test('a column of the table that the model does not declare cannot be read', () => {
    expect(refusal({ ...PLAIN, where: ['customer_id = 1'] })).toContain('customer_id')
    expect(refusal({ ...PLAIN, where: ['orders.customer_id = 1'] })).not.toContain('not refused')
  })

  test("the author's filters may hold any SQL, a caller's may not", () => {
    const where = ["{{ Entity('customer') }} IN (SELECT customer_id FROM shop.customers)"]
    expect(refusal({ ...PLAIN, where })).not.toContain('not refused')
    expect(engine.compile({ ...PLAIN, where, trusted: true }).sql).toContain('SELECT customer_id FROM shop.customers')
  })

  test('a value with quotes is a value', async () => {
    const { sql } = engine.compile({ ...PLAIN, where: ["{{ Dimension('order__status') }} = 'it''s'"] })
    expect((await shop.ask(sql)).rows).toEqual([])
  })
})

/** The statement without the contents of its strings and quoted names. */
function withoutQuoted(sql: string): string {
  return sql.replaceAll(/'(?:[^']|'')*'/g, "''").replaceAll(/"(?:[^"]|"")*"/g, '""')
}
