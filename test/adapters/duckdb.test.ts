import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Adapter } from '../../src/adapters/adapter.js'
import duckdb from '../../src/adapters/duckdb/index.js'
import { PlumbError } from '../../src/core/diagnostic.js'
import { adapterContract } from './contract.js'

const root = mkdtempSync(join(tmpdir(), 'plumb-duckdb-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

adapterContract('duckdb', duckdb, {
  output: async () => ({ type: 'duckdb' }),
  projectRoot: root,
  slowQuery: 'select count(*) from range(100000000000) t(a), range(1000) u(b) where a % 7 = b',
  unknownColumn:
    /^Binder Error: Referenced column "nope" not found in FROM clause!\nCandidate bindings: "one"\n\nLINE 2: {3}nope from/,
})

async function open(
  output: Record<string, unknown>,
  notify?: (level: string, message: string) => void,
): Promise<Adapter> {
  return duckdb.open(duckdb.credentials({ type: 'duckdb', ...output }, root), {
    projectRoot: root,
    threads: 2,
    signal: new AbortController().signal,
    env: {},
    ...(notify === undefined ? {} : { notify }),
  })
}

function thrown(work: () => unknown): PlumbError {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(PlumbError)
    return error as PlumbError
  }
  throw new Error('nothing was thrown')
}

describe('credentials', () => {
  const database = (path: string) => duckdb.credentials({ type: 'duckdb', path }, root).database

  test('the database is named by the file as DuckDB does', () => {
    expect(database('jaffle_shop.duckdb')).toBe('jaffle_shop')
    expect(database('/data/my.db.duckdb')).toBe('my')
    expect(database('.hidden.duckdb')).toBe('hidden')
    expect(database(':memory:')).toBe('memory')
    expect(database('ducklake:meta.ducklake')).toBe('meta')
  })

  test('a database that is not the file is refused unless it is attached', () => {
    const error = thrown(() => duckdb.credentials({ type: 'duckdb', path: 'a.duckdb', database: 'b' }, root))
    expect(error.message).toContain("the 'database' property must be set to 'a' to match the 'path'")
    const attached = { type: 'duckdb', path: 'a.duckdb', database: 'b', attach: [{ path: 'b.duckdb', alias: 'b' }] }
    expect(duckdb.credentials(attached, root).database).toBe('b')
  })

  test('MotherDuck is refused by name', () => {
    const error = thrown(() => duckdb.credentials({ type: 'duckdb', path: 'md:shop?motherduck_token=x' }, root))
    expect(error.first.code).toBe('motherduck-not-supported')
    expect(error.message).toBe('MotherDuck databases are not supported: md:shop')
  })

  test('target shows no secrets', () => {
    const credentials = duckdb.credentials(
      {
        type: 'duckdb',
        path: 'a.duckdb',
        settings: { threads: 2, s3_secret_access_key: 'x' },
        secrets: [{ type: 's3', secret: 'y' }],
      },
      root,
    )
    expect(duckdb.targetVars(credentials)).toMatchObject({ path: 'a.duckdb', schema: 'main', settings: { threads: 2 } })
    expect(JSON.stringify(duckdb.targetVars(credentials))).not.toMatch(/"x"|"y"/)
  })

  test('what only Python could do is refused on opening', async () => {
    const adapter = await open({ filesystems: [{ fs: 's3' }] })
    await expect(adapter.connect('a')).rejects.toThrow("'filesystems' in the profile needs Python's fsspec")
  })
})

describe('the database', () => {
  test('settings, attached files, secrets and configuration are in force', async () => {
    const adapter = await open({
      path: 'first.duckdb',
      config_options: { default_order: 'DESC' },
      settings: { TimeZone: 'Asia/Seoul' },
      secrets: [{ type: 'http', bearer_token: "it's", scope: ['https://a.example', 'https://b.example'] }],
      attach: [
        { path: 'second.duckdb', alias: 'second' },
        { path: 'second_copy.duckdb', read_only: false },
      ],
    })
    const connection = await adapter.connect('a')
    const one = async (sql: string) => (await connection.execute(sql, { fetch: true })).data.map((column) => column[0])
    expect(await one("select current_setting('TimeZone'), current_setting('default_order')")).toEqual([
      'Asia/Seoul',
      'DESC',
    ])
    expect(await one('select name from duckdb_secrets()')).toEqual(['_dbt_secret_1'])
    expect(
      (
        await connection.execute('select database_name from duckdb_databases() where not internal order by 1 asc', {
          fetch: true,
        })
      ).data[0],
    ).toEqual([...['first', 'second', 'second_copy']])
    await adapter.close()
  })

  test('a file that another process holds says who has it and what to do', async () => {
    const file = join(root, 'held.duckdb')
    const script = join(root, 'hold.cjs')
    const driver = JSON.stringify(require.resolve('@duckdb/node-api'))
    writeFileSync(
      script,
      `require(${driver}).DuckDBInstance.create(${JSON.stringify(file)}).then(() => { console.log('held'); setInterval(() => {}, 1000) })`,
    )
    const holder = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      await new Promise((resolve) => holder.stdout.once('data', resolve))
      const adapter = await open({ path: 'held.duckdb' })
      const error = await adapter.connect('a').then(
        () => undefined,
        (e: unknown) => e as PlumbError,
      )
      expect(error?.first.code).toBe('database-locked')
      expect(error?.first.hint).toMatch(new RegExp(`(?:process|pid) ${holder.pid}\\b`))
      const patient = await open({ path: 'held.duckdb', retries: { connect_attempts: 4 } })
      setTimeout(() => holder.kill(), 300)
      const connection = await patient.connect('a')
      expect((await connection.execute('select 1', { fetch: true })).rowCount).toBe(1)
      await patient.close()
    } finally {
      holder.kill()
    }
  })

  test('keep_open: false frees the file between sessions', async () => {
    const adapter = await open({ path: 'freed.duckdb', keep_open: false })
    const connection = await adapter.connect('a')
    await connection.execute('create table t as select 1 as a')
    await connection.release()
    const script = `require(${JSON.stringify(require.resolve('@duckdb/node-api'))}).DuckDBInstance.create(${JSON.stringify(join(root, 'freed.duckdb'))}).then(() => process.exit(0), () => process.exit(1))`
    const code = await new Promise((resolve) => spawn(process.execPath, ['-e', script]).once('exit', resolve))
    expect(code).toBe(0)
    const again = await adapter.connect('b')
    expect((await again.execute('select a from t', { fetch: true })).data).toEqual([[1]])
    await adapter.close()
  })

  test('a conflict of two sessions on the catalogue is tried again', async () => {
    const adapter = await open({})
    const sessions = await Promise.all(Array.from({ length: 8 }, (_, at) => adapter.connect(`s${at}`)))
    await Promise.all(sessions.map((session) => session.execute('create schema if not exists shared')))
    for (let round = 0; round < 5; round++) {
      await Promise.all(sessions.map((session) => session.execute('create or replace view shared.v as select 1 as a')))
    }
    await adapter.close()
  })

  test('disable_transactions leaves BEGIN out', async () => {
    const adapter = await open({ disable_transactions: true })
    const connection = await adapter.connect('a')
    await connection.execute('create table t as select 1 as a', { autoBegin: true })
    expect(connection.inTransaction).toBe(false)
    await adapter.close()
  })
})

describe('types', () => {
  test('every type has a cell', async () => {
    const adapter = await open({ settings: { TimeZone: 'UTC' } })
    const connection = await adapter.connect('a')
    const cell = async (expression: string) => {
      const { data, columns } = await connection.execute(`select ${expression} as a`, { fetch: true })
      return [data[0]![0], columns[0]!.family]
    }
    expect(await cell('170141183460469231731687303715884105727::hugeint')).toEqual([
      170141183460469231731687303715884105727n,
      'integer',
    ])
    expect(await cell('12.340::decimal(38,3)')).toEqual([{ kind: 'decimal', text: '12.340' }, 'number'])
    expect(await cell('1.5::float')).toEqual([1.5, 'number'])
    expect(await cell("'nan'::double")).toEqual([Number.NaN, 'number'])
    expect(await cell("'\\xAA'::blob")).toEqual([new Uint8Array([0xaa]), 'other'])
    expect(await cell("time '01:02:03.5'")).toEqual(['01:02:03.5', 'other'])
    expect(await cell("timestamp '1969-12-31 23:59:59.999999'")).toEqual(['1969-12-31 23:59:59.999999', 'datetime'])
    expect(await cell("timestamp '9999-12-31 23:59:59.123456'")).toEqual(['9999-12-31 23:59:59.123456', 'datetime'])
    expect(await cell("timestamp_ns '2024-01-02 03:04:05.123456789'")).toEqual([
      '2024-01-02 03:04:05.123456789',
      'datetime',
    ])
    expect(await cell("timestamp_s '2024-01-02 03:04:05'")).toEqual(['2024-01-02 03:04:05', 'datetime'])
    expect(await cell("timestamptz '2024-01-02 03:04:05+02'")).toEqual(['2024-01-02 01:04:05+00:00', 'datetime'])
    expect(await cell("'infinity'::timestamp")).toEqual(['infinity', 'datetime'])
    expect(await cell('interval 14 month')).toEqual(['1 year 2 months', 'interval'])
    expect(await cell("'6f0cbbd0-0000-4000-8000-000000000001'::uuid")).toEqual([
      '6f0cbbd0-0000-4000-8000-000000000001',
      'text',
    ])
    expect(await cell("'b'::enum('a', 'b')")).toEqual(['b', 'text'])
    expect(await cell("'0101'::bit")).toEqual(['0101', 'other'])
    expect(await cell('[1, null, 3]')).toEqual([{ kind: 'list', items: [1, null, 3] }, 'other'])
    expect(await cell('[1, 2]::int[2]')).toEqual([{ kind: 'list', items: [1, 2] }, 'other'])
    expect(await cell("{'a': 1, 'b': {'c': 'x'}}")).toEqual([
      {
        kind: 'record',
        entries: [
          ['a', 1],
          ['b', { kind: 'record', entries: [['c', 'x']] }],
        ],
      },
      'other',
    ])
    expect(await cell("map {'k': 1}")).toEqual([{ kind: 'record', entries: [['k', 1]] }, 'other'])
    expect(await cell('union_value(num := 2)')).toEqual([2, 'other'])
    expect(await cell('42::variant')).toEqual([42, 'other'])
    await adapter.close()
  })

  test('structs are described field by field', async () => {
    const adapter = await open({})
    const connection = await adapter.connect('a')
    const columns = await adapter.introspect.describeQuery(
      connection,
      "select {'x': 1, 'y z': {'d': 1.5::decimal(10,2)}} as s, 1 as i",
    )
    expect(columns.map((column) => `${column.name} ${column.dataType}`)).toEqual([
      's.x INTEGER',
      's."y z".d DECIMAL(10,2)',
      'i INTEGER',
    ])
    await adapter.close()
  })
})

describe('errors', () => {
  test('a place far into a long line is shown as DuckDB shows it', async () => {
    const adapter = await open({})
    const connection = await adapter.connect('a')
    const sql = `select ${'a'.repeat(100)}, '${'b'.repeat(100)}', nope from range(10) t(${'a'.repeat(100)})`
    const error = await connection.execute(sql).catch((e: unknown) => e as PlumbError)
    expect((error as PlumbError).message).toContain(
      `LINE 1: ...${'b'.repeat(56)}', nope from range(10) t(${'a'.repeat(37)}...\n${' '.repeat(70)}^`,
    )
    await adapter.close()
  })
})

describe('sources in files', () => {
  const source = {
    name: 'orders',
    source_name: 'raw',
    identifier: 'orders_v2',
    schema: 'main',
    database: null,
    tags: [],
    meta: {},
    config: {},
  }
  const render = (more: object) => duckdb.renderSource!({ ...source, ...more }, { execute: true })

  test('external_location fills names in and is quoted', () => {
    expect(render({})).toBeNull()
    expect(render({ meta: { external_location: 'data/{name}/{identifier}.parquet' } })).toBe(
      "'data/orders/orders_v2.parquet'",
    )
    expect(render({ config: { external_location: "read_csv('{name}.csv', header={{}})" } })).toBe(
      "read_csv('orders.csv', header={})",
    )
    expect(render({ meta: { external_location: '%(name)s.csv', formatter: 'oldstyle' } })).toBe("'orders.csv'")
    expect(render({ meta: { external_location: '${name}-$identifier-$$.csv', formatter: 'template' } })).toBe(
      "'orders-orders_v2-$.csv'",
    )
    expect(render({ meta: { external_location: 's3://{bucket}/x.csv', bucket: 'b' } })).toBe("'s3://b/x.csv'")
  })

  test('unknown names and plug-ins are told', () => {
    expect(thrown(() => render({ meta: { external_location: '{nope}.csv' } })).message).toContain("names 'nope'")
    expect(thrown(() => render({ meta: { plugin: 'excel' } })).message).toContain("plug-in 'excel'")
    expect(duckdb.renderSource!({ ...source, meta: { plugin: 'excel' } }, { execute: false })).toBeNull()
  })
})

describe('methods for templates', () => {
  const call = (adapter: Adapter, name: string, ...args: unknown[]) =>
    adapter.templateMethods![name]!({ connection: () => adapter.connect('t'), model: null }, args, {})

  test('files of external materializations', async () => {
    const adapter = await open({})
    const options = new Map<unknown, unknown>()
    expect(call(adapter, 'external_write_options', 'out/data.csv.gz', options)).toBe(
      'format csv, compression gzip, header 1',
    )
    expect(options.get('format')).toBe('csv')
    expect(call(adapter, 'external_write_options', 'out/data', { delimiter: '|' })).toBe(
      "delimiter '|', format csv, header 1",
    )
    expect(call(adapter, 'external_write_options', 'out/data', { partition_by: 'a, b' })).toBe(
      'partition_by (a, b), format parquet',
    )
    expect(call(adapter, 'external_read_location', 'out/data', { partition_by: 'a, b', format: 'parquet' })).toBe(
      'out/data/*/*/*.parquet',
    )
    expect(call(adapter, 'external_read_location', 'out/data.csv', {})).toBe('out/data.csv')
    await adapter.close()
  })

  test('constraints, indexes, locations and warnings', async () => {
    const said: string[] = []
    const adapter = await open({}, (level, message) => said.push(`${level}: ${message}`))
    const connection = await adapter.connect('a')
    await connection.execute('create table keyed (id integer primary key, code text unique)')
    const relation = { database: 'memory', schema: 'main', identifier: 'keyed', type: 'table' }
    expect(await call(adapter, 'existing_key_constraint_types', relation)).toEqual(['primary_key', 'unique'])
    expect(await call(adapter, 'catalog_supports_foreign_keys', 'memory')).toBe(true)
    expect(await call(adapter, 'location_exists', join(root, 'absent.csv'))).toBe(false)
    call(adapter, 'warn_once', 'careful')
    call(adapter, 'warn_once', 'careful')
    expect(said).toEqual(['warn: careful'])
    expect(call(adapter, 'parse_index', { columns: ['id'], unique: true })).toMatchObject({
      columns: ['id'],
      unique: true,
    })
    expect(call(adapter, 'parse_index', null)).toBeNull()
    expect(thrown(() => call(adapter, 'parse_index', 'id')).message).toContain('Invalid index config')
    expect(call(adapter, 'batch_id_for_model', { batch: { event_time_start: '2024-01-02 00:00:00+00:00' } })).toBe(
      '20240102_0000000000',
    )
    expect(thrown(() => call(adapter, 'submit_python_job')).first.code).toBe('python-model')
    await adapter.close()
  })
})
