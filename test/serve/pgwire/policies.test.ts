import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, type Identity, makeVerifier, type ScramVerifier } from '../../../src/query/index.js'
import type { OpenDoor } from '../../../src/serve/door.js'
import { type TestProject, testProject } from '../../support/project.js'
import { type OpenedService, openService, SHOP } from '../../support/served-project.js'
import { openDoor } from './door.js'

const POLICIES = `
grants:
  - {name: sales, groups: [analysts], metrics: [revenue], models: [customers]}
row_filters:
  - {name: own region, models: [customers], where: "region in {{ user.regions }}"}
`
const CALLERS: Readonly<Record<string, Caller>> = {
  ana: { name: 'ana', groups: ['analysts'], attributes: { regions: ['north'] }, owner: false },
  bo: { name: 'bo', groups: [], attributes: {}, owner: false },
  root: { name: 'root', groups: [], attributes: {}, owner: true },
}

let project: TestProject
let opened: OpenedService
let door: OpenDoor

beforeAll(async () => {
  project = testProject({ ...SHOP, 'policies.yml': POLICIES })
  const built = await project.run('build')
  expect(built.code, built.stdout).toBe(0)
  opened = await openService(project.dir)
  const verifiers = new Map<string, ScramVerifier>()
  for (const name of Object.keys(CALLERS)) verifiers.set(name, await makeVerifier(name))
  const nobody = await makeVerifier('x')
  const identity: Identity = {
    open: false,
    anonymous: () => null,
    scram: (name) => verifiers.get(name) ?? nobody,
    user: (name) => CALLERS[name] ?? null,
    password: async () => null,
    bearer: async () => null,
  }
  door = await openDoor(opened.service, identity)
})
afterAll(async () => {
  await door?.close(100)
  await opened?.close()
  project?.dispose()
})

async function as<T>(
  user: string,
  work: (ask: (sql: string) => Promise<Record<string, unknown>[]>) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ host: '127.0.0.1', port: door.address.port, user, password: user, database: 'test' })
  await client.connect()
  try {
    return await work(async (sql) => (await client.query(sql)).rows)
  } finally {
    await client.end()
  }
}
const TABLES = `select table_schema || '.' || table_name as t from information_schema.tables
  where table_schema in ('main', 'metrics') order by 1`
const COLUMNS =
  "select attname as c from pg_attribute where attrelid = 'metrics.orders'::regclass and attnum > 0 and not attisdropped"

describe('a caller', () => {
  it('sees what is granted, in the catalogue and in answers', async () => {
    const all = await as('root', async (ask) => ({ tables: await ask(TABLES), columns: await ask(COLUMNS) }))
    expect(all.tables.map((row) => row['t'])).toContain('main.orders')
    expect(all.columns.map((row) => row['c'])).toContain('secret_revenue')
    await as('ana', async (ask) => {
      const tables = (await ask(TABLES)).map((row) => row['t'])
      expect(tables).toContain('main.customers')
      expect(tables).toContain('metrics.orders')
      expect(tables).not.toContain('main.orders')
      const columns = (await ask(COLUMNS)).map((row) => row['c'])
      expect(columns).toContain('revenue')
      expect(columns).not.toContain('secret_revenue')
      expect(await ask('select distinct region from main.customers')).toEqual([{ region: 'north' }])
      await expect(ask('select * from main.orders')).rejects.toMatchObject({ code: '42P01' })
      await expect(ask('select secret_revenue from metrics.orders')).rejects.toMatchObject({ code: '42703' })
      const error = (await ask('select secret_revenu from metrics.orders').catch(
        (caught) => caught,
      )) as pg.DatabaseError
      expect(`${error.message} ${error.hint}`).not.toContain('secret_revenue')
      expect(await ask('select email from main.customers limit 1')).toEqual([{ email: null }])
    })
    expect(await as('root', async (ask) => (await ask(TABLES)).length)).toBe(all.tables.length)
  })

  it('without a grant sees nothing', () =>
    as('bo', async (ask) => {
      expect(await ask(TABLES)).toEqual([])
      await expect(ask('select revenue from metrics.orders')).rejects.toMatchObject({ code: '42P01' })
      await expect(ask("select * from {{ semantic_layer.query(metrics=['revenue']) }}")).rejects.toMatchObject({
        code: expect.stringMatching(/^42/),
      })
      expect(await ask('select * from semantic_layer.metrics()')).toEqual([])
    }))

  it('gets all groups of what several ask at once, each its own', async () => {
    const answers = await Promise.all(
      ['ana', 'root', 'ana', 'bo', 'root'].map((user) => as(user, (ask) => ask(TABLES))),
    )
    const [ana, root, ana2, bo, root2] = answers.map((rows) => rows.length)
    expect([ana2, bo, root2]).toEqual([ana, 0, root])
    expect(ana).toBeLessThan(root!)
  })
})
