import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadModule, parseSync } from 'libpg-query'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenDoor } from '../../../src/serve/door.js'
import { definitionSql } from '../../../src/serve/pgwire/catalogue/definitions.js'
import { describeTables } from '../../../src/serve/pgwire/catalogue/describe-tables.js'
import { SERVER_VERSION } from '../../../src/serve/pgwire/session/settings.js'
import { postgresMissing, startPostgres, type TestServer } from '../../support/postgres.js'
import { type TestProject, testProject } from '../../support/project.js'
import { type OpenedService, openService } from '../../support/served-project.js'
import { sharedPath } from '../../support/shared.js'
import { openDoor } from './door.js'

/** The objects that the recorded statements ask about. */
const MARTS = {
  'profiles.yml':
    'test:\n  target: dev\n  outputs:\n    dev:\n      type: duckdb\n      path: test.duckdb\n      schema: marts\n      threads: 4\n',
  'models/customers.sql': `select 1 as customer_id, 'Ann' as name, 'EU' as region, true as vip, cast(1.5 as decimal(12, 2)) as balance, timestamp '2024-01-01' as created_at`,
  'models/orders.sql': `select 1 as order_id, 1 as customer_id, date '2024-01-01' as ordered_on, cast(9.5 as decimal(10, 2)) as amount, timestamptz '2024-01-01 00:00:00+00' as updated_at, ['a'] as tags, '{}' as payload`,
  'models/big_orders.sql': "{{ config(materialized='view') }} select * from {{ ref('orders') }} where amount > 5",
  'models/schema.yml': `
models:
  - name: customers
    description: Who bought
    config: {materialized: table}
    columns:
      - {name: customer_id, description: Number of the customer, data_tests: [unique, not_null]}
  - name: orders
    config: {materialized: table}
    columns:
      - {name: order_id, data_tests: [unique, not_null]}
semantic_models:
  - name: shop
    model: ref('orders')
    defaults: {agg_time_dimension: ordered_on}
    entities: [{name: order, type: primary, expr: order_id}]
    dimensions:
      - {name: ordered_on, type: time, type_params: {time_granularity: day}}
    measures: [{name: revenue, agg: sum, expr: amount}]
metrics:
  - {name: revenue, label: Revenue, type: simple, type_params: {measure: revenue}}
`,
  'models/spine.sql': "{{ config(materialized='table') }} select date '2024-01-01' as date_day",
  'models/spine.yml':
    'models: [{name: spine, time_spine: {standard_granularity_column: date_day}, columns: [{name: date_day, granularity: day}]}]',
}

let project: TestProject
let opened: OpenedService
let door: OpenDoor

beforeAll(async () => {
  project = testProject(MARTS)
  const built = await project.run('build')
  expect(built.code, built.stdout).toBe(0)
  opened = await openService(project.dir)
  door = await openDoor(opened.service, undefined, {}, (level, message) => level === 'warn' && console.warn(message))
  await loadModule()
})
afterAll(async () => {
  await door?.close(100)
  await opened?.close()
  project?.dispose()
})

const connect = async (config: pg.ClientConfig): Promise<pg.Client> => {
  const client = new pg.Client(config)
  client.on('error', () => {})
  await client.connect()
  return client
}
const ours = (user = 'postgres'): Promise<pg.Client> =>
  connect({ host: '127.0.0.1', port: door.address.port, user, database: 'test' })

describe('the catalogue', () => {
  it('shows tables, columns, types, keys and comments', async () => {
    const client = await ours('ann')
    const { rows } = await client.query(
      `select table_schema || '.' || table_name as t from information_schema.tables
       where table_schema in ('marts', 'metrics') order by 1`,
    )
    expect(rows.map((row) => row.t)).toEqual([
      'marts.big_orders',
      'marts.customers',
      'marts.orders',
      'marts.spine',
      'metrics.all_metrics',
      'metrics.shop',
    ])
    const { rows: columns } = await client.query(
      `select a.attname, format_type(a.atttypid, a.atttypmod) as type from pg_attribute a
       where a.attrelid = 'marts.orders'::regclass and a.attnum > 0 order by a.attnum`,
    )
    expect(columns.map((row) => `${row.attname} ${row.type}`)).toEqual([
      'order_id integer',
      'customer_id integer',
      'ordered_on date',
      'amount numeric(10,2)',
      'updated_at timestamp with time zone',
      'tags text[]',
      'payload text',
    ])
    const { rows: facts } = await client.query(
      `select obj_description('marts.customers'::regclass) as about, col_description('marts.customers'::regclass, 1) as id,
         (select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'marts.customers'::regclass and contype = 'p') as key,
         current_user::text as who, current_database()::text as db`,
    )
    expect(facts).toEqual([
      { about: 'Who bought', id: 'Number of the customer', key: 'PRIMARY KEY (customer_id)', who: 'ann', db: 'test' },
    ])
    await client.end()
  })

  it('has the version that clients are told', async () => {
    const client = await ours()
    const { rows } = await client.query("select setting from pg_settings where name = 'server_version'")
    expect(rows[0].setting).toBe(SERVER_VERSION)
    await client.end()
  })

  it('knows columns by the names that older versions of psql have for them', async () => {
    const client = await ours()
    const { rows } = await client.query(
      `select d.datname as name, d.daticulocale as icu, (select max(c.colliculocale) from pg_collation c) as other
         from pg_database d where d.datname = current_database()`,
    )
    expect(rows).toMatchObject([{ name: 'test', icu: null }])
    await expect(client.query('select d.daticulocale, d.nothing from pg_database d')).rejects.toMatchObject({
      code: '42703',
      position: '24',
    })
    await client.end()
  })

  it('keeps its hands off: no statement leaves anything behind', async () => {
    const client = await ours('eve')
    await client.query("select set_config('search_path', 'x\"; drop table marts.orders; --', false)")
    await client.query(
      "select count(*) from pg_class where set_config('role', 'postgres', false) is not null and lo_creat(-1) is null",
    )
    const other = await ours('ann')
    const { rows } = await other.query(
      "select to_regclass('marts.orders')::text as t, current_user::text as u, (select count(*)::int from pg_largeobject_metadata) as n",
    )
    expect(rows).toEqual([{ t: 'orders', u: 'ann', n: 0 }])
    await client.end()
    await other.end()
  })

  it('is stopped when it takes too long, and starts again', async () => {
    const client = await ours()
    await client.query("set statement_timeout = '1s'")
    await expect(client.query('select count(*) from generate_series(1, 1000000000)')).rejects.toMatchObject({
      code: '57014',
    })
    expect((await client.query("select relname from pg_class where relname = 'orders'")).rows).toHaveLength(1)
    await client.end()
  })
})

/** Statements of a recording, each once. */
function statementsOf(folder: string): { client: string; sql: string }[] {
  const seen = new Set<string>()
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8')
      return split(text).map((sql) => ({ client: file.replace('.sql', ''), sql }))
    })
    .filter(({ sql }) => !seen.has(sql) && seen.add(sql))
}

function split(text: string): string[] {
  const pieces = text.split(/;\s*\n(?=--|\S)/)
  return pieces.flatMap((piece) => {
    const bare = piece
      .replace(/^\s*(--[^\n]*\n\s*)+/, '')
      .replace(/;\s*$/, '')
      .trim()
    if (bare === '') return []
    try {
      return (parseSync(bare).stmts ?? []).length === 1 ? [bare] : []
    } catch {
      return []
    }
  })
}

/** What cannot be the same on two servers: their own numbers and names. */
function masked(cell: unknown): string {
  return String(cell ?? 'NULL')
    .replace(/(?<!\d)[1-9]\d{4,}(?!\d)/g, '#')
    .replaceAll('plumb', 'postgres')
}

const CATALOGUE = /pg_|information_schema|current_schema|::reg|format_type/i

/** Statements whose answer differs by nature, and why. */
/** Columns of older servers: psql 15 asks an 18 for this one, and PostgreSQL 18 refuses it just so. */
const GONE_IN_OURS = /column d\.daticulocale does not exist/

const DIFFERENT: readonly (readonly [RegExp, string])[] = [
  [/select pg_catalog\.version\(\)|^select version\(\)/i, 'each says what it is'],
  [/pg_backend_pid\(\)/, 'a number and an address of the session'],
  [
    /SELECT c\.relname,a\.\*|t\.oid,t\.\*/,
    'a 32-bit build passes values of eight bytes by reference: attbyval, typbyval',
  ],
  [/SELECT c\.oid,c\.\*/, 'storage: file numbers, page counts and transaction numbers'],
]

const ABOUT_SESSION = /^(?:begin|commit|rollback|set|show|deallocate|select\s+(?:1|version|current_))\b/i

/** What came of a statement: its command, the names of its columns and the number of its rows, or the code of its error. */
async function outcomeOf(client: pg.Client, sql: string): Promise<string> {
  try {
    const results = [await client.query(sql)].flat() as pg.QueryResult[]
    return results
      .map(({ command, fields, rows }) => `${command} (${fields.map(({ name }) => name).join(', ')}): ${rows.length}`)
      .join('; ')
  } catch (error) {
    return `error ${(error as { code?: string }).code ?? String(error)}`
  }
}

const folder = sharedPath('introspection')
const missing = postgresMissing()

describe.skipIf(folder === undefined || missing !== null)('the recorded statements of clients', () => {
  let server: TestServer
  let theirs: pg.Client

  beforeAll(async () => {
    server = await startPostgres()
    const admin = await connect(server)
    await admin.query('create database test')
    await admin.end()
    theirs = await connect({ ...server, database: 'test' })
    await theirs.query('drop database postgres')
    const { tables } = await describeTables(opened.service)
    for (const statement of definitionSql('test', tables).split(';\n')) {
      if (!/allow_system_table_mods|pg_database/.test(statement)) await theirs.query(statement)
    }
    await theirs.query('set search_path = metrics, marts, public')
  })
  afterAll(async () => {
    await theirs?.end()
    await server?.stop()
  })

  it('are answered as PostgreSQL answers them', async () => {
    const client = await ours()
    const major = (await theirs.query('show server_version')).rows[0].server_version.split('.')[0]
    const number = async (of: pg.Client): Promise<string> =>
      String((await of.query("select 'marts.orders'::regclass::oid as oid")).rows[0].oid)
    const numbers = { ours: await number(client), theirs: await number(theirs) }
    const report = {
      asked: 0,
      refusedByPostgres: 0,
      failed: [] as string[],
      counts: [] as string[],
      cells: [] as string[],
    }
    for (const { client: tool, sql } of statementsOf(folder!)) {
      if (!CATALOGUE.test(sql) || /^(copy|begin|set|declare)/i.test(sql)) continue
      const values = Array.from(
        { length: Math.max(0, ...[...sql.matchAll(/\$(\d+)/g)].map((m) => Number(m[1]))) },
        () => null,
      )
      const query = (oid: string) => ({
        // Numbers of tables that a client was told before.
        text: sql.replace(/(?<!\d)1[6-9]\d{3}(?!\d)/g, oid),
        rowMode: 'array' as const,
        ...(values.length > 0 ? { values } : {}),
      })
      const expected = await theirs.query(query(numbers.theirs)).catch(() => null)
      const name = `${tool}: ${sql.replaceAll(/\s+/g, ' ').slice(0, 150)}`
      if (expected === null) {
        report.refusedByPostgres++
        continue
      }
      report.asked++
      try {
        const answer = await client.query(query(numbers.ours))
        if (DIFFERENT.some(([pattern]) => pattern.test(sql))) continue
        const [a, b] = [answer, expected].map((result) =>
          result.rows.map((row: unknown[]) => row.map(masked).join(' | ')),
        )
        if (a!.length !== b!.length) report.counts.push(`${name}: ${a!.length} rows, not ${b!.length}`)
        else {
          const differing = a!.sort().findIndex((row, index) => row !== b!.sort()[index])
          if (differing >= 0) report.cells.push(`${name}\n  ${a![differing]}\n  ${b![differing]}`)
        }
      } catch (error) {
        report.failed.push(`${name}: ${(error as Error).message}`)
      }
    }
    await client.end()
    console.info(
      `${report.asked} statements asked, ${report.refusedByPostgres} that PostgreSQL ${major} itself refuses`,
    )
    expect(report.failed.filter((failure) => !GONE_IN_OURS.test(failure))).toEqual([])
    expect(report.asked).toBeGreaterThan(100)
    if (major !== SERVER_VERSION.split('.')[0]) {
      console.info(`cells are compared with PostgreSQL ${SERVER_VERSION} only, and this is ${major}`)
      return
    }
    expect(report.counts).toEqual([])
    expect(report.cells).toEqual([])
  })

  it('are answered as PostgreSQL answers them when they are about the session', async () => {
    const client = await ours()
    const statements = statementsOf(folder!).filter(
      ({ sql }) => !CATALOGUE.test(sql) && ABOUT_SESSION.test(sql) && !/\bmarts\.\w/.test(sql),
    )
    const differing: string[] = []
    for (const { client: tool, sql } of statements) {
      const [a, b] = await Promise.all([client, theirs].map((each) => outcomeOf(each, sql)))
      if (a !== b) differing.push(`${tool}: ${sql}\n  ${a}\n  ${b}`)
    }
    await client.end()
    console.info(`${statements.length} statements about the session asked`)
    expect(statements.length).toBeGreaterThan(12)
    expect(differing).toEqual([])
  })
})
