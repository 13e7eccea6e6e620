import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REPO, runPlumb } from '../support/project.js'
import { hasBrowser, openBrowser, openPage, type PageOptions, seriousFaults, serveFolder } from './browser.js'

const PAGES = [
  'overview',
  'lineage',
  'catalogue',
  'metrics',
  'runs',
  'node?id=model.baram_market.fct_orders',
  'lineage?focus=model.baram_market.client_summary&node=model.baram_market.client_summary&column=net_revenue&up=5',
]

/** The example project, built and written as files, in a browser without a network. */
describe.skipIf(!hasBrowser)('the static site of the example project', () => {
  const dir = mkdtempSync(join(tmpdir(), 'plumb-web-'))
  let browser: Browser
  let site: { readonly url: string; close(): void }

  beforeAll(async () => {
    cpSync(join(REPO, 'example-project'), dir, { recursive: true, filter: (path) => !/[/\\](target|logs)$/.test(path) })
    for (const command of [['build'], ['source', 'freshness'], ['docs', 'generate', '--static']]) {
      const { code, stdout } = await runPlumb(dir, command)
      expect(code, stdout).toBe(0)
    }
    browser = await openBrowser()
    site = await serveFolder(join(dir, 'target/site'))
  })
  afterAll(async () => {
    await browser?.close()
    site?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  /** Opens a page, does something there, and finds nothing to complain of. */
  const visit = async (
    path: string,
    options: PageOptions,
    act: (page: Page) => Promise<void> = async () => {},
  ): Promise<void> => {
    const { page, complaints } = await openPage(browser, site.url, options)
    await page.goto(`${site.url}/#/${path}`)
    await page.waitForSelector('main h1')
    await act(page)
    expect(complaints).toEqual([])
    await page.context().close()
  }

  for (const path of PAGES) {
    it(`${path} opens, by light and dark, in both languages, on a telephone, and is accessible`, async () => {
      await visit(path, {}, async (page) => {
        await page.waitForTimeout(300)
        expect(await seriousFaults(page)).toEqual([])
      })
      await visit(path, { dark: true, korean: true }, async (page) => {
        expect(await page.getAttribute('html', 'lang')).toBe('ko')
        expect(await page.getAttribute('html', 'data-theme')).toBe('dark')
        await page.waitForTimeout(300)
        expect(await seriousFaults(page)).toEqual([])
      })
      await visit(path, { narrow: true }, async (page) => {
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect(overflow).toBeLessThanOrEqual(0)
      })
    })
  }

  it('is one file too, which opens from a disk', async () => {
    const file = `file://${join(dir, 'target/index.html')}`
    const { page, complaints } = await openPage(browser, file)
    for (const path of PAGES) {
      await page.goto(`${file}#/${path}`)
      await page.waitForSelector('main h1')
    }
    await page.goto(`${file}#/node?id=model.baram_market.fct_orders`)
    await page.waitForFunction(() => document.querySelector('main h1')?.textContent === 'fct_orders')
    await page.waitForSelector('pre')
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('finds resources and columns, by keyboard alone', async () => {
    await visit('overview', {}, async (page) => {
      await page.keyboard.press('/')
      await page.keyboard.type('fct_ord')
      await page.waitForSelector('[role=option]')
      await page.keyboard.press('Enter')
      await page.waitForFunction(() => location.hash.includes('model.baram_market.fct_orders'))
      expect(await page.textContent('h1')).toBe('fct_orders')
    })
  })

  it('shows what is around a resource, as far as asked', async () => {
    const boxes = (page: Page): Promise<number> =>
      page.locator('.graph').evaluate((element) => Number((element as HTMLElement).dataset['boxes']))
    await visit('lineage?focus=model.baram_market.fct_orders&up=0&down=0', {}, async (page) => {
      expect(await boxes(page)).toBe(1)
      await page.getByLabel('Up', { exact: true }).fill('1')
      await page.waitForFunction(() => document.querySelector<HTMLElement>('.graph')?.dataset['boxes'] !== '1')
      expect(await boxes(page)).toBeGreaterThan(2)
      await page.getByText('Whole project').click()
      await page.waitForFunction(() => Number(document.querySelector<HTMLElement>('.graph')?.dataset['boxes']) > 20)
    })
  })

  it('moves through the graph with the arrow keys', async () => {
    await visit('lineage?focus=model.baram_market.fct_orders', {}, async (page) => {
      await page.locator('canvas').focus()
      await page.keyboard.press('ArrowLeft')
      await page.waitForFunction(() => !location.hash.includes('node=model.baram_market.fct_orders'))
      expect(await page.textContent('#graph-status')).toMatch(/, (model|seed|source)$/)
      await page.keyboard.press('Enter')
      await page.waitForFunction(() => location.hash.startsWith('#/node'))
    })
  })

  it('selects as the command line does', async () => {
    const { stdout } = await runPlumb(dir, ['ls', '--quiet', '--select', '+client_summary', '--resource-type', 'model'])
    const models = stdout.trim().split('\n').length
    await visit('lineage', {}, async (page) => {
      await page.getByLabel('Selector').fill('+client_summary,resource_type:model')
      await page.keyboard.press('Enter')
      await page.waitForFunction(
        (count) => document.querySelector<HTMLElement>('.graph')?.dataset['boxes'] === String(count),
        models,
      )
      await page.getByLabel('Selector').fill('nonsense:x')
      await page.keyboard.press('Enter')
      await page.waitForSelector('#selector-error')
    })
  })

  it('lights up the path of a column, from its sources on', async () => {
    const path = 'lineage?focus=model.baram_market.client_summary&node=model.baram_market.client_summary&up=5'
    await visit(path, {}, async (page) => {
      await page.getByRole('button', { name: 'net_revenue', exact: true }).click()
      await page.waitForSelector('.column-bar')
      const edges = await page.locator('.graph').evaluate((e) => Number((e as HTMLElement).dataset['columnEdges']))
      expect(edges).toBeGreaterThan(5)
      expect(await page.textContent('.legend')).toContain('aggregated')
    })
  })

  it('shows the last run by thread', async () => {
    await visit('runs', {}, async (page) => {
      await page.waitForSelector('.timeline a')
      expect(await page.locator('.lane').count()).toBeGreaterThan(1)
    })
  })
})
