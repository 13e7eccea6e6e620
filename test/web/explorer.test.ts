import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testProject } from '../support/project.js'
import { hasBrowser, openBrowser, openPage, seriousFaults, servePlumb } from './browser.js'

const ORDERS = [
  'order_id,ordered_at,region,amount',
  '1,2024-01-05,north,10.5',
  '2,2024-01-20,south,20',
  '3,2024-02-02,north,30',
  '4,2024-02-11,south,5',
  '5,2024-03-01,north,7',
].join('\n')

const SEMANTIC = `
models:
  - name: spine
    time_spine: {standard_granularity_column: day_at}
    columns: [{name: day_at, granularity: day}]
semantic_models:
  - name: orders
    model: ref('orders')
    defaults: {agg_time_dimension: ordered_at}
    entities: [{name: order_id, type: primary}]
    dimensions:
      - {name: ordered_at, type: time, type_params: {time_granularity: day}}
      - {name: region, type: categorical}
    measures: [{name: amount, agg: sum}]
metrics:
  - {name: revenue, label: Revenue, description: Money in., type: simple, type_params: {measure: amount}}
`

/** The live application: `plumb serve` on a small project with a metric, asked in a browser. */
describe.skipIf(!hasBrowser)('the metric explorer', () => {
  const project = testProject({
    seeds: { 'raw_orders.csv': `${ORDERS}\n` },
    models: {
      'orders.sql':
        "select order_id, cast(ordered_at as date) as ordered_at, region, amount from {{ ref('raw_orders') }}",
      'spine.sql':
        "select cast(range as date) as day_at from range(date '2024-01-01', date '2025-01-01', interval 1 day)",
      'semantic.yml': SEMANTIC,
    },
  })
  let browser: Browser
  let server: { readonly url: string; close(): Promise<void> }

  beforeAll(async () => {
    const { code, stdout } = await project.run('build')
    expect(code, stdout).toBe(0)
    browser = await openBrowser()
    server = await servePlumb(project.dir)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    project.dispose()
  })

  const visit = async (path: string, act: (page: Page) => Promise<void>): Promise<void> => {
    const { page, complaints } = await openPage(browser, server.url)
    await page.goto(`${server.url}/#/${path}`)
    await page.waitForSelector('main h1')
    await act(page)
    expect(complaints).toEqual([])
    await page.context().close()
  }

  it('answers a question put together by hand, with chart, table, SQL and proof', async () => {
    await visit('metrics', async (page) => {
      await page.getByLabel('Revenue').check()
      await page.getByLabel('metric_time').selectOption('month')
      await page.getByRole('button', { name: 'Ask' }).click()
      await page.waitForSelector('.chart canvas')
      await page.getByRole('tab', { name: 'Table' }).click()
      const rows = await page.locator('.explorer-answer tbody tr').allTextContents()
      expect(rows.map((row) => row.replace(/\s+/g, ' '))).toEqual(['2024-01-0130.5', '2024-02-0135', '2024-03-017'])
      await page.getByRole('tab', { name: 'SQL' }).click()
      await page.waitForSelector('.code pre')
      expect((await page.textContent('.code pre'))?.toLowerCase()).toContain('group by')
      await page.getByRole('tab', { name: 'Proof' }).click()
      expect(await page.textContent('.explorer-answer dl')).toContain('model.test.orders')
      expect(await seriousFaults(page)).toEqual([])
    })
  })

  it('answers a link at once', async () => {
    await visit('metrics?metrics=revenue&by=order_id__region', async (page) => {
      await page.waitForSelector('.chart canvas')
      await page.getByRole('tab', { name: 'Table' }).click()
      const rows = await page.locator('.explorer-answer tbody tr').allTextContents()
      expect(rows.sort()).toEqual(['north47.5', 'south25'])
    })
  })

  it('says what is wrong with a filter, and what would work', async () => {
    const { page } = await openPage(browser, server.url)
    const filter = encodeURIComponent("{{ Dimension('order_id__regoin') }} = 'north'")
    await page.goto(`${server.url}/#/metrics?metrics=revenue&where=${filter}`)
    const alert = page.getByRole('alert')
    await alert.waitFor()
    expect(await alert.textContent()).toMatch(/regoin/)
    await page.context().close()
  })

  it('gives the question for use elsewhere', async () => {
    await visit('metrics?metrics=revenue', async (page) => {
      await page.waitForSelector('.figure')
      expect(await page.textContent('.figure b')).toBe('72.5')
      await page.getByRole('tab', { name: 'Copy as' }).click()
      expect(await page.textContent('.code pre')).toContain('curl -s')
    })
  })
})
