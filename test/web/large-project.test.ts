import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runPlumb } from '../support/project.js'
import { hasBrowser, openBrowser, openPage, serveFolder } from './browser.js'

const LAYERS = [
  { name: 'staging', count: 700, parents: 1 },
  { name: 'intermediate', count: 800, parents: 2 },
  { name: 'marts', count: 440, parents: 3 },
] as const
const SOURCES = 60

/** A project of 2,000 resources: three layers over sources, each model reading some of the ones before it. */
function writeProject(dir: string): void {
  const put = (path: string, text: string): void => {
    mkdirSync(join(dir, path, '..'), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  put('dbt_project.yml', "name: large\nversion: '1.0'\nprofile: large\n")
  put('profiles.yml', 'large:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: large.duckdb}\n')
  const tables = Array.from({ length: SOURCES }, (_, at) => `      - name: t_${at}`)
  put('models/sources.yml', `sources:\n  - name: raw\n    tables:\n${tables.join('\n')}\n`)
  let before = Array.from({ length: SOURCES }, (_, at) => `{{ source('raw', 't_${at}') }}`)
  for (const { name, count, parents } of LAYERS) {
    const made: string[] = []
    for (let at = 0; at < count; at++) {
      const reads = Array.from({ length: parents }, (_, n) => before[(at * 7 + n * 31) % before.length])
      put(
        `models/${name}/area_${at % 20}/${name}_${at}.sql`,
        reads.map((from) => `select * from ${from}`).join('\nunion all\n'),
      )
      made.push(`{{ ref('${name}_${at}') }}`)
    }
    before = made
  }
}

describe.skipIf(!hasBrowser)('a project of 2,000 resources', () => {
  const dir = mkdtempSync(join(tmpdir(), 'plumb-large-'))
  let browser: Browser
  let site: { readonly url: string; close(): void }

  beforeAll(async () => {
    writeProject(dir)
    const { code, stdout } = await runPlumb(dir, ['docs', 'generate', '--static', '--no-compile', '--empty-catalog'])
    expect(code, stdout).toBe(0)
    browser = await openBrowser()
    site = await serveFolder(join(dir, 'target/site'))
  })
  afterAll(async () => {
    await browser?.close()
    site?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  for (const query of ['', '?group=none']) {
    it(`opens its graph and pans${query === '' ? ', grouped' : ', every box drawn'}`, async () => {
      const { page, complaints } = await openPage(browser, site.url)
      await page.goto(`${site.url}/#/lineage${query}`)
      await page.waitForFunction(() => performance.getEntriesByName('graph-painted').length > 0)
      const painted = await page.evaluate(() => performance.getEntriesByName('graph-painted')[0]!.startTime)
      const frames = await page.evaluate(async () => {
        const canvas = document.querySelector('canvas')!
        const box = canvas.getBoundingClientRect()
        const send = (type: string, x: number): void => {
          const at = { clientX: box.left + x, clientY: box.top + 200, pointerId: 1, bubbles: true }
          canvas.dispatchEvent(new PointerEvent(type, at))
        }
        canvas.setPointerCapture = () => {}
        send('pointerdown', 300)
        const times: number[] = []
        let last = performance.now()
        for (let step = 0; step < 60; step++) {
          send('pointermove', 300 + step * 3)
          await new Promise(requestAnimationFrame)
          const now = performance.now()
          times.push(now - last)
          last = now
        }
        send('pointerup', 480)
        return times.sort((a, b) => a - b)
      })
      const middle = frames[30]!
      console.info(
        `2,000 resources${query}: graph painted ${Math.round(painted)} ms after navigation, ` +
          `frame while panning ${middle.toFixed(1)} ms (median), ${frames[57]!.toFixed(1)} ms (95 %)`,
      )
      expect(await page.textContent('.toolbar')).toContain('2000 shown')
      expect(complaints).toEqual([])
      await page.context().close()
    })
  }
})
