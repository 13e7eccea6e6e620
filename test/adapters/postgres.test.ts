import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Adapter } from '../../src/adapters/adapter.js'
import postgres from '../../src/adapters/postgres/index.js'
import { PlumbError } from '../../src/core/diagnostic.js'
import { postgresMissing, startPostgres, type TestServer } from '../support/postgres.js'
import { adapterContract } from './contract.js'

const missing = postgresMissing()
if (missing !== null) console.warn(missing)

let server: TestServer
beforeAll(async () => {
  if (missing === null) server = await startPostgres()
})
afterAll(() => server?.stop())

const open = (more: Record<string, unknown> = {}, signal = new AbortController().signal): Promise<Adapter> =>
  postgres.open(postgres.credentials({ ...server.output, ...more }, '.'), {
    projectRoot: '.',
    threads: 2,
    signal,
    env: {},
  })

const failure = (work: Promise<unknown>): Promise<PlumbError> =>
  work.then(
    () => Promise.reject(new Error('nothing was thrown')),
    (error: unknown) => {
      expect(error).toBeInstanceOf(PlumbError)
      return error as PlumbError
    },
  )

describe.skipIf(missing !== null)('postgres', () => {
  adapterContract('postgres', postgres, {
    output: async () => server.output,
    projectRoot: '.',
    slowQuery: 'select pg_sleep(20)',
    unknownColumn: /^column "nope" does not exist\nLINE 2: {3}nope from/,
  })

  describe('profile', () => {
    test('older names are taken, required fields are missed, the password stays hidden', () => {
      const { password, database, ...rest } = { ...server.output, password: 'x', database: 'd' }
      const credentials = postgres.credentials({ ...rest, pass: password, dbname: database }, '.')
      expect(credentials).toMatchObject({ password: 'x', database: 'd', connect_timeout: 10, retries: 1 })
      expect(postgres.targetVars(credentials)).toMatchObject({ database: 'd', dbname: 'd', host: '127.0.0.1' })
      expect(JSON.stringify(postgres.targetVars(credentials))).not.toContain('"x"')
      expect(() => postgres.credentials({ type: 'postgres', host: 'h' }, '.')).toThrow("'user' is a required property")
      expect(() => postgres.credentials({ ...server.output, dbname: 'e' }, '.')).toThrow('Got duplicate keys')
      expect(() => postgres.credentials({ ...server.output, port: 'many' }, '.')).toThrow(
        "'many' is not of type 'integer'",
      )
      expect(postgres.credentials({ ...server.output, port: '5433' }, '.')).toMatchObject({ port: 5433 })
    })

    test('role, search path and application name are in force, after a reset too', async () => {
      const admin = await open()
      const first = await admin.connect('admin')
      await first.execute('create role analyst; create schema mine; grant all on schema mine to analyst')
      await admin.close()
      const adapter = await open({ role: 'analyst', search_path: 'mine, public', application_name: 'plumb test' })
      const asked = "select current_user::text, current_setting('search_path'), current_setting('application_name')"
      const expected = [['analyst'], ['mine, public'], ['plumb test']]
      const one = await adapter.connect('one')
      expect((await one.execute(asked, { fetch: true })).data).toEqual(expected)
      await one.execute('set search_path to pg_catalog; reset role; create temporary table leftover (a int)')
      await one.release()
      const two = await adapter.connect('two')
      expect((await two.execute(asked, { fetch: true })).data).toEqual(expected)
      await failure(two.execute('select * from leftover'))
      await adapter.close()
    })

    test('a server that is not there is told after the retries', async () => {
      const adapter = await open({ port: 1, retries: 0 })
      expect((await failure(adapter.connect('a'))).message).toContain('ECONNREFUSED')
    })

    test('an unknown role is refused without retrying', async () => {
      const adapter = await open({ user: 'nobody_here', retries: 5 })
      const started = Date.now()
      expect((await failure(adapter.connect('a'))).message).toBe('role "nobody_here" does not exist')
      expect(Date.now() - started).toBeLessThan(900)
    })

    test('sslmode require needs a server that has it', async () => {
      const adapter = await open({ sslmode: 'require', retries: 0 })
      expect((await failure(adapter.connect('a'))).message).toBe('The server does not support SSL connections')
      const wrong = await open({ sslmode: 'sometimes', retries: 0 })
      expect((await failure(wrong.connect('a'))).message).toContain('invalid sslmode value')
    })
  })

  describe('sessions', () => {
    test('no more are lent than there are threads and one', async () => {
      const adapter = await open()
      const lent = await Promise.all(['a', 'b', 'c'].map((name) => adapter.connect(name)))
      let got = false
      const fourth = adapter.connect('d').then((session) => {
        got = true
        return session
      })
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(got).toBe(false)
      await lent[0]!.release()
      await (await fourth).release()
      await adapter.close()
    })

    test('a session that the server ended is not lent again', async () => {
      const adapter = await open()
      const victim = await adapter.connect('victim')
      const pid = (await victim.execute('select pg_backend_pid()', { fetch: true })).data[0]![0]
      const other = await adapter.connect('other')
      await other.execute(`select pg_terminate_backend(${pid})`)
      await failure(victim.execute('select 1'))
      await victim.release()
      await other.release()
      for (const name of ['x', 'y', 'z']) {
        const session = await adapter.connect(name)
        expect((await session.execute('select 1', { fetch: true })).data).toEqual([[1]])
      }
      await adapter.close()
    })

    test('the response is the whole command tag', async () => {
      const adapter = await open()
      const session = await adapter.connect('a')
      const response = async (sql: string) => (await session.execute(sql)).response
      expect(await response('create temporary view v as select 1 as a')).toEqual({
        _message: 'CREATE VIEW',
        code: 'CREATE VIEW',
        rows_affected: -1,
      })
      expect(await response('create temporary table t as select 1 as a union all select 2')).toEqual({
        _message: 'SELECT 2',
        code: 'SELECT',
        rows_affected: 2,
      })
      expect(await response('insert into t values (3)')).toEqual({
        _message: 'INSERT 0 1',
        code: 'INSERT',
        rows_affected: 1,
      })
      await adapter.close()
    })

    test('autocommit sends no BEGIN', async () => {
      const adapter = await open({ autocommit: true })
      const session = await adapter.connect('a')
      await session.execute('create table kept (a int)', { autoBegin: true })
      expect(session.inTransaction).toBe(true)
      const other = await adapter.connect('b')
      expect((await other.execute('select count(*) from kept', { fetch: true })).rowCount).toBe(1)
      await session.commit()
      expect(session.inTransaction).toBe(false)
      await other.execute('drop table kept')
      await adapter.close()
    })

    test('nothing begins after the user stopped', async () => {
      const controller = new AbortController()
      const adapter = await open({}, controller.signal)
      const session = await adapter.connect('a')
      controller.abort()
      expect((await failure(session.execute('select 1'))).first.code).toBe('query-cancelled')
      await adapter.close()
    })

    test("psycopg2's placeholders are filled in", async () => {
      const adapter = await open()
      const session = await adapter.connect('a')
      await session.execute('create temporary table b (i int, t text, n numeric, ok boolean)')
      await session.execute('insert into b values (%s,%s,%s,%s), (%s,%s,%s,%s)', {
        bindings: [-1, "it's 100%", { kind: 'decimal', text: '-2.50' }, true, 2, null, null, false],
      })
      expect((await session.execute('select * from b order by i', { fetch: true })).data).toEqual([
        [-1, 2],
        ["it's 100%", null],
        [{ kind: 'decimal', text: '-2.50' }, null],
        [true, false],
      ])
      expect((await failure(session.execute('select %s', { bindings: [1, 2] }))).first.code).toBe('binding-count')
      await adapter.close()
    })
  })

  describe('types', () => {
    test('every type has a cell', async () => {
      const adapter = await open()
      const session = await adapter.connect('a')
      await session.execute("set time zone 'Asia/Seoul'")
      const cell = async (expression: string) => {
        const { data, columns } = await session.execute(`select ${expression} as a`, { fetch: true })
        return [data[0]![0], columns[0]!.family, columns[0]!.type]
      }
      expect(await cell('1::smallint')).toEqual([1, 'integer', 'smallint'])
      expect(await cell("'NaN'::float8")).toEqual([Number.NaN, 'number', 'double precision'])
      expect(await cell('12.340::numeric(10,3)')).toEqual([{ kind: 'decimal', text: '12.340' }, 'number', 'numeric'])
      expect(await cell("'\\xaa'::bytea")).toEqual([new Uint8Array([0xaa]), 'other', 'bytea'])
      expect(await cell("timestamp '2024-02-29 12:30:00.123456'")).toEqual([
        '2024-02-29 12:30:00.123456',
        'datetime',
        'timestamp without time zone',
      ])
      expect(await cell("timestamptz '2024-02-29 01:30:00.5+09'")).toEqual([
        '2024-02-28 16:30:00.5+00:00',
        'datetime',
        'timestamp with time zone',
      ])
      expect(await cell("'infinity'::timestamptz")).toEqual(['infinity', 'datetime', 'timestamp with time zone'])
      expect(await cell("time '01:02:03'")).toEqual(['01:02:03', 'other', 'time without time zone'])
      expect(await cell("interval '14 months'")).toEqual(['1 year 2 mons', 'interval', 'interval'])
      expect(await cell(`'{"a": 1}'::jsonb`)).toEqual(['{"a": 1}', 'other', 'jsonb'])
      expect(await cell("'6f0cbbd0-0000-4000-8000-000000000001'::uuid")).toEqual([
        '6f0cbbd0-0000-4000-8000-000000000001',
        'text',
        'uuid',
      ])
      expect(await cell('array[1, null, 3]')).toEqual([{ kind: 'list', items: [1, null, 3] }, 'other', 'integer[]'])
      expect(await cell(`array['a"b', 'c,d', null, 'NULL', '\\']`)).toEqual([
        { kind: 'list', items: ['a"b', 'c,d', null, 'NULL', '\\'] },
        'other',
        'text[]',
      ])
      expect(await cell('array[[1,2],[3,4]]')).toEqual([
        {
          kind: 'list',
          items: [
            { kind: 'list', items: [1, 2] },
            { kind: 'list', items: [3, 4] },
          ],
        },
        'other',
        'integer[]',
      ])
      expect(await cell("inet '10.0.0.1'")).toEqual(['10.0.0.1', 'other', 'type 869'])
      await adapter.close()
    })

    test('contracts compare types by the names psycopg2 gives them', async () => {
      const adapter = await open()
      const session = await adapter.connect('a')
      const sql =
        "select 1 as i, 2::smallint as s, 3::bigint as b, 'x'::text as t, 'y'::varchar(3) as v, 1.5 as n, now() as at"
      expect((await adapter.introspect.describeQuery(session, sql)).map((column) => column.dataType)).toEqual([
        ...['INTEGER', 'INTEGER', 'LONGINTEGER', 'TEXT', 'TEXT', 'DECIMAL', 'DATETIMETZ'],
      ])
      await adapter.close()
    })
  })

  describe('errors', () => {
    test('long lines are cut as libpq cuts them; DETAIL and HINT follow', async () => {
      const adapter = await open()
      const session = await adapter.connect('a')
      const long = `select ${'1 + '.repeat(30)}nope, ${'2 + '.repeat(30)}3 from (select 1 as nape) x`
      const error = await failure(session.execute(long))
      expect(error.message).toBe(
        'column "nope" does not exist\n' +
          'LINE 1: ...+ 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + nope, 2 + ...\n' +
          `${' '.repeat(61)}^\n` +
          'HINT:  Perhaps you meant to reference the column "x.nape".',
      )
      expect((await failure(session.execute("select 'é€한', nope"))).message).toBe(
        `column "nope" does not exist\nLINE 1: select 'é€한', nope\n${' '.repeat(23)}^`,
      )
      await session.execute('create temporary table u (a int primary key); insert into u values (1)')
      expect((await failure(session.execute('insert into u values (1)'))).message).toBe(
        'duplicate key value violates unique constraint "u_pkey"\nDETAIL:  Key (a)=(1) already exists.',
      )
      await adapter.close()
    })
  })

  describe('catalogue', () => {
    test('materialized views, functions and dependencies', async () => {
      const adapter = await open()
      const session = await adapter.connect('a')
      await session.execute(`create schema deps; create table deps.base (a int); create view deps.on_base as select a from deps.base;
        create materialized view deps.kept as select a from deps.on_base;
        create function deps.twice(x int) returns int language sql as 'select x * 2'`)
      const database = 'postgres'
      const relations = await adapter.introspect.listRelations(session, database, 'deps')
      expect(relations.map((relation) => `${relation.type} ${relation.identifier}`).sort()).toEqual([
        ...['function twice', 'materialized_view kept', 'table base', 'view on_base'],
      ])
      const named = (identifier: string) => ({ database, schema: 'deps', identifier })
      expect(await adapter.introspect.listDependencies?.(session, ['deps'])).toEqual([
        { referenced: named('base'), dependent: named('on_base') },
        { referenced: named('on_base'), dependent: named('kept') },
      ])
      const catalog = await adapter.introspect.getCatalog(session, [{ database, schema: 'deps' }])
      expect(catalog.map((row) => [row.table_name, row.table_type, row.table_owner])).toEqual([
        ['base', 'BASE TABLE', 'plumb'],
        ['kept', 'MATERIALIZED VIEW', 'plumb'],
        ['on_base', 'VIEW', 'plumb'],
      ])
      await session.execute('drop schema deps cascade')
      await adapter.close()
    })
  })

  describe('methods for templates', () => {
    const relation = { database: 'postgres', schema: 's', identifier: 'mv', type: 'materialized_view' as const }

    test('another database is refused', async () => {
      const adapter = await open()
      const verify = (database: string) =>
        adapter.templateMethods!['verify_database']!(
          { connection: () => adapter.connect('t'), model: null },
          [database],
          {},
        )
      expect(verify('"POSTGRES"')).toBe('')
      expect(() => verify('other')).toThrow('Cross-db references not allowed in postgres (other vs postgres)')
      await adapter.close()
    })

    test('indexes of a materialized view that changed', () => {
      const changes = postgres.relationMethods!['get_materialized_view_config_change_collection']!
      const table = {
        columnNames: ['name', 'method', 'unique', 'column_names'],
        rows: [{ values: ['idx_a', 'btree', false, 'a'] }, { values: ['idx_bc', 'hash', true, 'c,b'] }],
      }
      const model = (indexes: unknown[]) => ({ config: { indexes } })
      const results = new Map([['indexes', table]])
      expect(
        changes(
          relation,
          [results, model([{ columns: ['A'] }, { columns: ['b', 'c'], unique: true, type: 'hash' }])],
          {},
        ),
      ).toBeNull()
      expect(
        changes(
          relation,
          [results, model([{ columns: ['b', 'c'], unique: true, type: 'hash' }, { columns: ['d'] }])],
          {},
        ),
      ).toMatchObject({
        requires_full_refresh: false,
        indexes: [
          { action: 'drop', context: { name: 'idx_a' } },
          { action: 'create', context: { as_node_config: { columns: ['d'], unique: false, type: 'btree' } } },
        ],
      })
      expect(postgres.relationMethods!['relation_max_name_length']!(relation, [], {})).toBe(63)
    })
  })
})
