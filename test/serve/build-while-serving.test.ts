import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { REPO, type TestProject, testProject } from '../support/project.js'
import { SHOP } from '../support/served-project.js'

interface Server {
  readonly url: string
  readonly process: ChildProcess
  stop(): Promise<number | null>
}

async function startServer(project: TestProject, ...args: string[]): Promise<Server> {
  const child = spawn(
    process.execPath,
    [join(REPO, 'bin', 'plumb.js'), 'serve', '--http-port', '0', '--no-pg', '--output', 'json', ...args],
    {
      cwd: project.dir,
      env: { PATH: process.env['PATH'], HOME: project.dir, NO_COLOR: '1', DBT_PROFILES_DIR: project.dir },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const exited = new Promise<number | null>((done) => child.once('exit', done))
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const line = await new Promise<string>((found, failed) => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more
      if (text.includes('\n')) found(text)
    })
    void exited.then((code) => failed(new Error(`plumb serve ended with ${code}: ${text}${errors}`)))
  })
  const { listening } = JSON.parse(line) as { listening: { http: { url: string } } }
  return {
    url: listening.http.url,
    process: child,
    async stop() {
      child.kill('SIGTERM')
      return exited
    },
  }
}

async function rows(server: Server, query: object): Promise<unknown[][]> {
  const response = await fetch(`${server.url}/api/v1/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(query),
  })
  const text = await response.text()
  if (response.status !== 200) throw new Error(text)
  return (JSON.parse(text) as { rows: unknown[][] }).rows
}

async function until<T>(read: () => Promise<T>, good: (value: T) => boolean, what: string): Promise<T> {
  const deadline = Date.now() + 60_000
  let last: unknown
  while (Date.now() < deadline) {
    try {
      const value = await read()
      if (good(value)) return value
      last = value
    } catch (error) {
      last = error
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`${what}: last was ${String(last instanceof Error ? last.message : JSON.stringify(last))}`)
}

const HALF =
  "select o.order_id, o.customer_id, cast(o.ordered_at as timestamp) as ordered_at, cast(o.amount as double precision) / 2 as amount, o.channel, c.region from {{ ref('raw_orders') }} as o join {{ ref('raw_customers') }} as c on c.customer_id = o.customer_id"

describe('plumb build beside plumb serve on one DuckDB file', { timeout: 240_000 }, () => {
  let project: TestProject
  let server: Server | undefined
  afterEach(async () => {
    await server?.stop()
    server = undefined
    project.dispose()
  })

  it('works; readers see the old tables, then the new ones and new metrics', async () => {
    project = testProject(SHOP)
    expect((await project.run('build')).code).toBe(0)
    server = await startServer(project)
    const revenue = { metrics: ['revenue'] }
    expect(await rows(server, revenue)).toEqual([[2920]])
    project.write({ 'models/orders.sql': HALF })
    project.write({
      'models/more.yml': 'metrics:\n  - {name: half, label: Half, type: simple, type_params: {measure: revenue}}\n',
    })
    const building = project.run('build')
    // While it builds, every answer is the old one or the new one.
    const seen = new Set<string>()
    let done = false
    void building.finally(() => {
      done = true
    })
    while (!done) {
      seen.add(JSON.stringify(await rows(server, { ...revenue, cache: false })))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const built = await building
    expect(built.code, built.stdout).toBe(0)
    expect(
      [...seen].every((each) => each === '[[2920]]' || each === '[[1460]]'),
      [...seen].join(),
    ).toBe(true)
    expect(await rows(server, revenue)).toEqual([[1460]])
    const half = await until(
      () => rows(server!, { metrics: ['half'] }),
      (found) => found.length === 1,
      'the new metric',
    )
    expect(half).toEqual([[1460]])
    // Other commands too: a failing model changes nothing, and is told as always.
    project.write({ 'models/orders.sql': 'select nonsense' })
    const failed = await project.run('run', '--select', 'orders')
    expect(failed.code).toBe(1)
    expect(failed.stdout).toContain('nonsense')
    expect(await rows(server, { ...revenue, cache: false })).toEqual([[1460]])
    expect(await server.stop()).toBe(0)
    server = undefined
    // And when nobody serves any more, the file is the build's own.
    project.write({ 'models/orders.sql': HALF })
    expect((await project.run('build')).code).toBe(0)
  })

  it('does both in one process, and builds what changes', async () => {
    project = testProject(SHOP)
    server = await startServer(project, '--build', '--watch')
    const revenue = { metrics: ['revenue'] }
    await until(
      () => rows(server!, revenue),
      (found) => found[0]?.[0] === 2920,
      'the first build',
    )
    project.write({ 'models/orders.sql': HALF })
    await until(
      () => rows(server!, revenue),
      (found) => found[0]?.[0] === 1460,
      'the second build',
    )
    expect(project.results().map(({ unique_id }) => unique_id)).not.toContain('model.test.customers')
  })
})
