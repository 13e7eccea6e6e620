import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { extname, join, normalize } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { REPO } from '../support/project.js'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const chromiumPath = process.env['PLUMB_CHROMIUM'] ?? PLACES.find((path) => existsSync(path))
if (chromiumPath === undefined) {
  console.info('skipped: the pages are tested in Chromium, which is not here (Debian: apt-get install chromium)')
}
/** Is there a browser to test with. */
export const hasBrowser = chromiumPath !== undefined

export async function openBrowser(): Promise<Browser> {
  const { chromium } = await import('playwright-core')
  return await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox', '--disable-gpu'] })
}

export interface PageOptions {
  readonly dark?: boolean
  readonly korean?: boolean
  readonly narrow?: boolean
}

export interface WatchedPage {
  readonly page: Page
  /** What the console complained of, and requests to other machines: a page that is well has none. */
  readonly complaints: readonly string[]
}

/** A new page that may reach nothing but `origin`. */
export async function openPage(browser: Browser, origin: string, options: PageOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: options.narrow ? { width: 390, height: 844 } : { width: 1280, height: 800 },
    colorScheme: options.dark ? 'dark' : 'light',
    locale: options.korean ? 'ko-KR' : 'en-GB',
  })
  const complaints: string[] = []
  await context.route('**/*', (route) => {
    const url = route.request().url()
    if (url.startsWith(origin) || url.startsWith('data:') || url.startsWith('blob:')) return route.continue()
    complaints.push(`asked for ${url}`)
    return route.abort()
  })
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, complaints }
}

/** What axe finds seriously wrong for people who do not see or use a mouse. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // Past the page's own policy, which lets no foreign script in.
  await page.evaluate(readFileSync(join(REPO, 'node_modules/axe-core/axe.min.js'), 'utf8'))
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> }
    }
    return (await axe.run()).violations
  })
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
}

/** A plain file server: knows nothing of what it serves. */
export async function serveFolder(folder: string): Promise<{ readonly url: string; close(): void }> {
  const server: Server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname))
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path)
    if (!existsSync(file)) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
    response.end(readFileSync(file))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() }
}

/** `plumb serve` on a project, over HTTP only. */
export async function servePlumb(dir: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const child = spawn(
    process.execPath,
    [join(REPO, 'bin/plumb.js'), 'serve', '--no-pg', '--http-port', '0', '--output', 'json', '--quiet'],
    { cwd: dir, env: { ...process.env, DBT_PROFILES_DIR: dir, NO_COLOR: '1' } },
  )
  let output = ''
  const url = await new Promise<string>((found, failed) => {
    const read = (data: Buffer): void => {
      output += data.toString()
      const match = /"url":\s*"(http:[^"]+)"/.exec(output)
      if (match !== null) found(match[1]!)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', () => failed(new Error(`plumb serve ended: ${output}`)))
  })
  return {
    url,
    close: () =>
      new Promise((done) => {
        child.once('exit', () => done())
        child.kill('SIGTERM')
      }),
  }
}
