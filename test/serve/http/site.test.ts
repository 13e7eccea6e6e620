import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createIdentity } from '../../../src/query/identity/open-identity.js'
import { hashToken, newToken } from '../../../src/query/identity/tokens.js'
import { readUsers } from '../../../src/query/identity/users-file.js'
import { readGuardFile } from '../../../src/query/index.js'
import type { OpenDoor } from '../../../src/serve/door.js'
import { httpDoor } from '../../../src/serve/http/index.js'
import type { SiteDetail, SiteIndex, SiteMetrics, SiteRun, SiteRunDetail } from '../../../src/serve/site/documents.js'
import { REPO, type TestProject, testProject } from '../../support/project.js'
import { type OpenedService, openService, SHOP } from '../../support/served-project.js'

const APP = join(REPO, 'dist', 'web')

/** The pages' own documents: each caller gets those of a project that holds only what they may see. */
describe('the documents of the pages', () => {
  let project: TestProject
  let opened: OpenedService
  let door: OpenDoor
  const token = newToken()
  const bossToken = newToken()

  const get = async <T>(path: string, as: string): Promise<T> => {
    const response = await fetch(door.address.url + path, { headers: { authorization: `Bearer ${as}` } })
    expect(response.status, path).toBe(200)
    return (await response.json()) as T
  }

  beforeAll(async () => {
    project = testProject({
      ...SHOP,
      'models/broken.sql': "select cast(name as integer) as n from {{ ref('raw_customers') }}",
      'policies.yml': 'grants:\n  - {groups: [analysts], metrics: [revenue], models: [orders, customers]}\n',
    })
    await project.run('build')
    const users = {
      users: [
        { name: 'ana', tokens: [hashToken(token)], groups: ['analysts'] },
        { name: 'boss', tokens: [hashToken(bossToken)], owner: true },
      ],
    }
    writeFileSync(join(project.dir, 'users.yml'), JSON.stringify(users))
    opened = await openService(project.dir)
    const { manifest, targetDir } = opened.service.project
    opened.service.replace({
      manifest,
      targetDir,
      adapter: await opened.workspace.adapter(),
      projectRoot: project.dir,
      policyFile: await readGuardFile(join(project.dir, 'policies.yml'), 'policies.yml'),
    })
    const identity = createIdentity(readUsers({ fields: users, at: 'users.yml' }))
    const options = { host: '127.0.0.1', port: 0, identity, appDir: APP, log: () => {} }
    door = await httpDoor.start(opened.service, options)
  })
  afterAll(async () => {
    await door?.close(0)
    await opened?.close()
    project?.dispose()
  })

  it('are for those who say who they are; the application itself is for everybody', async () => {
    expect((await fetch(`${door.address.url}/data/index.json`)).status).toBe(401)
    const page = await fetch(door.address.url)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    for (const path of ['/chunks/..%2f..%2fpackage.json', '/chunks/none.js', '/app.ts']) {
      expect((await fetch(door.address.url + path)).status, path).not.toBe(200)
    }
  })

  it('hold what the caller may see, its tests, and nothing else', async () => {
    const index = await get<SiteIndex>('/data/index.json', token)
    const named = (type: string): string[] => index.nodes.filter((n) => n.type === type).map(({ name }) => name)
    expect(named('model').sort()).toEqual(['customers', 'orders'])
    expect(named('metric')).toEqual(['revenue'])
    expect(named('seed')).toEqual([])
    expect(named('test').length).toBeGreaterThan(0)
    expect(JSON.stringify(index)).not.toMatch(/region_summary|raw_customers|secret_revenue/)
    expect(index.project.madeFor).toBe('ana')
    const metrics = await get<SiteMetrics>('/data/metrics.json', token)
    expect(metrics.metrics.map(({ name }) => name)).toEqual(['revenue'])
    const all = await get<SiteIndex>('/data/index.json', bossToken)
    expect(all.nodes.length).toBeGreaterThan(index.nodes.length)
    expect(all.project.madeFor).toBe(null)
  })

  it('say which columns are masked for the caller', async () => {
    const index = await get<SiteIndex>('/data/index.json', token)
    const at = index.nodes.findIndex(({ id }) => id === 'model.test.customers')
    const details = await get<SiteDetail[]>(`/data/details/${Math.floor(at / index.shardSize)}.json`, token)
    const columns = details.find(({ id }) => id === 'model.test.customers')?.columns ?? []
    expect(columns.filter(({ masked }) => masked).map(({ name }) => name)).toEqual(['email'])
  })

  it('keep what the warehouse said of a failure for the owner: it may quote values', async () => {
    const [run] = await get<SiteRun[]>('/data/runs.json', bossToken)
    const mine = await get<SiteRunDetail>(`/data/runs/${run!.id}.json`, token)
    expect(mine.nodes.map(({ message }) => message).filter((message) => message !== null)).toEqual([])
    const all = await get<SiteRunDetail>(`/data/runs/${run!.id}.json`, bossToken)
    expect(all.nodes.find(({ id }) => id === 'model.test.broken')?.message ?? 'built as a view').not.toBe(null)
  })
})

describe('what a caller is told of', () => {
  it('is the same in pages, lineage and runs: a test is, when all it looks at is', async () => {
    const project = testProject({
      ...SHOP,
      'models/notes.sql': "select name from {{ ref('raw_customers') }}",
      'tests/both.sql': "select 1 from {{ ref('orders') }} join {{ ref('notes') }} on false",
      'tests/orders_alone.sql': "select 1 from {{ ref('orders') }} where false",
      'models/exposures.yml': `
exposures:
  - {name: board, type: dashboard, owner: {email: a@example.com}, depends_on: [ref('orders')]}
  - {name: secret_board, type: dashboard, owner: {email: a@example.com}, depends_on: [ref('orders'), ref('notes')]}
`,
      'policies.yml': 'grants:\n  - {groups: [analysts], metrics: [revenue], models: [orders, customers]}\n',
    })
    const built = await project.run('build')
    expect(built.code, built.stdout).toBe(0)
    const opened = await openService(project.dir)
    const token = newToken()
    const { manifest, targetDir } = opened.service.project
    opened.service.replace({
      manifest,
      targetDir,
      adapter: await opened.workspace.adapter(),
      projectRoot: project.dir,
      policyFile: await readGuardFile(join(project.dir, 'policies.yml'), 'policies.yml'),
    })
    const users = { users: [{ name: 'ana', tokens: [hashToken(token)], groups: ['analysts'] }] }
    const identity = createIdentity(readUsers({ fields: users, at: 'users.yml' }))
    const door = await httpDoor.start(opened.service, {
      host: '127.0.0.1',
      port: 0,
      identity,
      appDir: APP,
      log: () => {},
    })
    const get = async (path: string) =>
      (await (await fetch(door.address.url + path, { headers: { authorization: `Bearer ${token}` } })).json()) as never
    try {
      const drawn = (get('/data/index.json') as Promise<SiteIndex>).then(({ nodes }) => nodes.map(({ id }) => id))
      const pages = await drawn
      expect(pages).toContain('test.test.orders_alone')
      expect(pages).toContain('exposure.test.board')
      for (const hidden of ['test.test.both', 'exposure.test.secret_board', 'model.test.notes']) {
        expect(pages).not.toContain(hidden)
      }
      const lineage: { nodes: { id: string }[] } = await get('/api/v1/lineage/orders')
      const told = new Set(pages)
      expect(lineage.nodes.map(({ id }) => id).filter((id) => !told.has(id))).toEqual([])
      expect(lineage.nodes.map(({ id }) => id)).toContain('exposure.test.board')
      const { runs }: { runs: { id: string; counts: Record<string, number> }[] } = await get('/api/v1/runs')
      const run: { results: { unique_id: string }[] } = await get(`/api/v1/runs/${runs[0]!.id}`)
      const results = run.results.map(({ unique_id }) => unique_id)
      expect(results).toContain('test.test.orders_alone')
      expect(results.filter((id) => !told.has(id))).toEqual([])
      const [page] = (await get('/data/runs.json')) as SiteRun[]
      expect(page!.counts).toEqual(runs[0]!.counts)
      expect(Object.values(page!.counts).reduce((sum, count) => sum + count, 0)).toBe(results.length)
    } finally {
      await door.close(0)
      await opened.close()
      project.dispose()
    }
  })
})

describe('the application', () => {
  it('stays small: its start under 130 kB, the rest loaded when it is needed', () => {
    expect(statSync(join(APP, 'app.js')).size).toBeLessThan(130_000)
    expect(statSync(join(APP, 'app.css')).size).toBeLessThan(20_000)
    const chunks = readdirSync(join(APP, 'chunks')).map((name) => statSync(join(APP, 'chunks', name)).size)
    expect(Math.max(...chunks)).toBeLessThan(80_000)
  })
})
