import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import type { Adapter, Connection } from '../../src/adapters/adapter.js'
import duckdb from '../../src/adapters/duckdb/index.js'

const root = mkdtempSync(join(tmpdir(), 'plumb-threads-'))
const all = availableParallelism()
const many = test.skipIf(all === 1)
let opened: Adapter | null = null
let number = 0
afterAll(() => rmSync(root, { recursive: true, force: true }))

afterEach(async () => {
  await opened?.close()
  opened = null
})

async function open(
  output: Record<string, unknown> = {},
  options: { path?: string; readOnly?: boolean } = {},
): Promise<{ connection: Connection; path: string; threads: () => Promise<number> }> {
  const path = options.path ?? join(root, `db${number++}.duckdb`)
  const adapter = await duckdb.open(duckdb.credentials({ type: 'duckdb', path, ...output }, root), {
    projectRoot: root,
    threads: 4,
    signal: new AbortController().signal,
    env: {},
    readOnly: options.readOnly === true,
  })
  opened = adapter
  const connection = await adapter.connect('model.x')
  const settings = {
    ...(options.readOnly === true ? { access_mode: 'READ_ONLY' } : {}),
    ...(output.config_options as Record<string, string> | undefined),
    errors_as_json: 'true',
  }
  // The same database, seen by another user of it in this process: looking does not count as a statement of the run.
  const threads = async () => {
    const instance = await DuckDBInstance.fromCache(path, settings)
    const other = await instance.connect()
    const reader = await other.runAndReadAll(`select value from duckdb_settings() where name = 'threads'`)
    other.closeSync()
    return Number(reader.getRowsJS()[0]![0])
  }
  return { connection, path, threads }
}

describe('the threads of DuckDB', () => {
  many('one per statement while everything is small', async () => {
    const { connection, threads } = await open()
    writeFileSync(join(root, 'small.csv'), 'id\n1\n2\n')
    await connection.execute('create table a as select 1 as id union all select 2')
    await connection.execute('create table s (id integer)')
    await connection.execute(`copy s from '${join(root, 'small.csv')}' (header true)`)
    await connection.execute('create view v as select a.id from a join s on a.id = s.id')
    await connection.execute('select count(*) from v', { fetch: true })
    await connection.execute('select count(*) from duckdb_tables()', { fetch: true })
    expect(await threads()).toBe(1)
  })

  many.each([
    ['a table function', 'create table t as select * from range(10)'],
    ['a file', `create view t as select * from '${join(root, 'small.csv')}'`],
    [
      'a file by function',
      `create view t as select x.* from (select 1) y join read_csv('${join(root, 'small.csv')}') x on true`,
    ],
    ['rows made of a list', 'create table t as select unnest([1, 2, 3]) as id'],
    ['somebody asks how many there are', "select current_setting('threads')"],
    ['or looks at the settings', 'select * from duckdb_settings()'],
  ])('all of them from a statement on whose rows nobody knows: %s', async (_, sql) => {
    const { connection, threads } = await open()
    await connection.execute(sql)
    expect(await threads()).toBe(all)
  })

  many('all of them once a table has become large', async () => {
    const { connection, threads } = await open()
    await connection.execute(
      'create table ten as select 1 as x from (values (1),(2),(3),(4),(5),(6),(7),(8),(9),(10)) v',
    )
    const product = 'from ten a, ten b, ten c, ten d, ten e'
    await connection.execute(`create table ten_thousand as select 1 as x from ten a, ten b, ten c, ten d`, {
      autoBegin: true,
    })
    expect(await threads()).toBe(1)
    await connection.execute(`create table large as select 1 as x ${product}, (values (1), (2)) f`, { autoBegin: true })
    expect(await threads()).toBe(all)
  })

  many('all of them where a large table or a view of files stands already', async () => {
    const first = await open()
    await first.connection.execute('create table large as select * from range(200000)')
    await opened!.close()
    expect(await (await open({}, { path: first.path })).threads()).toBe(all)
    await opened!.close()

    const second = await open()
    await second.connection.execute(`create view f as select * from read_csv('${join(root, 'small.csv')}')`)
    await opened!.close()
    expect(await (await open({}, { path: second.path })).threads()).toBe(all)
  })

  many('what the profile says, where it says so', async () => {
    const { threads } = await open({ config_options: { threads: '3' } })
    expect(await threads()).toBe(3)
  })

  many('all of them for who only reads', async () => {
    const { connection, path } = await open()
    await connection.execute('create table a as select 1 as id')
    await opened!.close()
    expect(await (await open({}, { path, readOnly: true })).threads()).toBe(all)
  })
})

describe('key constraints', () => {
  const relation = (identifier: string) => ({ database: 'keys', schema: 'main', identifier, type: 'table' })

  test('a key that came while the run went on is seen', async () => {
    const { connection } = await open({}, { path: join(root, 'keys.duckdb') })
    const call = { connection: async () => connection, model: null }
    const types = (name: string) => opened!.templateMethods!.existing_key_constraint_types!(call, [relation(name)], {})
    await connection.execute('create table plain as select 1 as id')
    expect(await types('plain')).toEqual([])
    await connection.execute('create table keyed (id integer primary key)')
    await connection.execute('create table other (id integer references keyed (id), n integer unique)')
    expect(await types('keyed')).toEqual(['primary_key'])
    expect(await types('other')).toEqual(['foreign_key', 'unique'])
    expect(await types('plain')).toEqual([])
    expect(await opened!.templateMethods!.catalog_supports_foreign_keys!(call, ['KEYS'], {})).toBe(true)
    expect(await opened!.templateMethods!.catalog_supports_foreign_keys!(call, ['elsewhere'], {})).toBe(false)
  })
})
