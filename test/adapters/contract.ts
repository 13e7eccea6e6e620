import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Adapter, AdapterPlugin, Connection } from '../../src/adapters/adapter.js'
import { PlumbError } from '../../src/core/diagnostic.js'

export interface ContractEnvironment {
  /** A profile output for a database the tests may fill. */
  readonly output: () => Promise<Readonly<Record<string, unknown>>>
  readonly projectRoot: string
  /** A statement that runs for several seconds. */
  readonly slowQuery: string
  /** Message of an unknown column, as dbt shows it. */
  readonly unknownColumn: RegExp
}

/** What every warehouse must do, whatever it is. A new one is tested by calling this with its plugin. */
export function adapterContract(name: string, plugin: AdapterPlugin, environment: ContractEnvironment): void {
  describe(`adapter contract: ${name}`, () => {
    let adapter: Adapter
    let connection: Connection
    let database: string
    const schema = 'plumb_contract'
    const quoted = plugin.dialect.quoteIdentifier(schema)

    beforeAll(async () => {
      const credentials = plugin.credentials({ ...(await environment.output()), schema }, environment.projectRoot)
      database = credentials.database
      adapter = await plugin.open(credentials, {
        projectRoot: environment.projectRoot,
        threads: 4,
        signal: new AbortController().signal,
        env: {},
      })
      connection = await adapter.connect('contract')
      await connection.execute(`drop schema if exists ${quoted} cascade`)
      await connection.execute(`create schema ${quoted}`)
    })

    afterAll(async () => {
      await connection?.execute(`drop schema if exists ${quoted} cascade`)
      await adapter?.close()
    })

    const failure = async (work: Promise<unknown>): Promise<PlumbError> => {
      const error = await work.then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect(error).toBeInstanceOf(PlumbError)
      return error as PlumbError
    }
    const scalar = async (sql: string, on: Connection = connection): Promise<unknown> =>
      (await on.execute(sql, { fetch: true })).data[0]?.[0]

    test('rows come by column with names and families', async () => {
      const result = await connection.execute(
        `select 1 as i, cast(1.50 as decimal(10,2)) as d, 'x' as t, true as b, date '2024-02-29' as day,
                timestamp '2024-02-29 12:30:00.25' as at, cast(2.5 as double precision) as f, null as n
         union all select 2, null, null, null, null, null, null, null order by 1`,
        { fetch: true },
      )
      expect(result.rowCount).toBe(2)
      expect(result.columns.map((column) => column.name)).toEqual(['i', 'd', 't', 'b', 'day', 'at', 'f', 'n'])
      expect(result.columns.slice(0, 7).map((column) => column.family)).toEqual([
        ...['integer', 'number', 'text', 'boolean', 'date', 'datetime', 'number'],
      ])
      expect(result.data.slice(0, 7).map((column) => column[0])).toEqual([
        ...[1, { kind: 'decimal', text: '1.50' }, 'x', true, '2024-02-29', '2024-02-29 12:30:00.25', 2.5],
      ])
      expect(result.data.slice(1).map((column) => column[1])).toEqual([null, null, null, null, null, null, null])
    })

    test('integers beyond 2^53 are exact', async () => {
      expect(await scalar('select 9007199254740993')).toBe(9007199254740993n)
    })

    test('a limit cuts the rows', async () => {
      const result = await connection.execute('select 1 union all select 2 union all select 3', {
        fetch: true,
        limit: 2,
      })
      expect(result.rowCount).toBe(2)
    })

    test('nothing is fetched unless asked for', async () => {
      expect(await connection.execute('select 1')).toMatchObject({ columns: [], data: [], rowCount: 0 })
    })

    test('several statements run in order', async () => {
      await connection.execute(`create table ${quoted}.two (a int); insert into ${quoted}.two values (7)`)
      expect(await scalar(`select a from ${quoted}.two`)).toBe(7)
    })

    test('an error carries the message and the place', async () => {
      const error = await failure(connection.execute('select 1 as a,\n  nope from (select 1 as one) as x'))
      expect(error.first.kind).toBe('database')
      expect(error.message).toMatch(environment.unknownColumn)
      expect(error.first.at).toMatchObject({ line: 2, column: 3 })
      expect(error.first.sourceText?.slice(error.first.at?.start, error.first.at?.end)).toBe('nope')
    })

    test('the place is right in the first statement of a transaction too', async () => {
      const error = await failure(
        connection.execute(`create table ${quoted}.never as select nope from (select 1 as one) as x`, {
          autoBegin: true,
        }),
      )
      expect(error.first.sourceText?.slice(error.first.at?.start, error.first.at?.end)).toBe('nope')
      expect(connection.inTransaction).toBe(false)
    })

    test('places count characters, not bytes', async () => {
      const error = await failure(connection.execute(`select 'é€한', nope from (select 1 as one) as x`))
      expect(error.first.sourceText?.slice(error.first.at?.start, error.first.at?.end)).toBe('nope')
    })

    test('a transaction is seen by others only after its commit', async () => {
      const other = await adapter.connect('other')
      await connection.execute(`create table ${quoted}.tx (a int)`)
      await connection.execute(`insert into ${quoted}.tx values (1)`, { autoBegin: true })
      expect(connection.inTransaction).toBe(true)
      expect(Number(await scalar(`select count(*) from ${quoted}.tx`, other))).toBe(0)
      await connection.commit()
      expect(connection.inTransaction).toBe(false)
      expect(Number(await scalar(`select count(*) from ${quoted}.tx`, other))).toBe(1)
      await other.release()
    })

    test('an error rolls the transaction back and leaves the session usable', async () => {
      await connection.execute(`create table ${quoted}.undone (a int)`, { autoBegin: true })
      await failure(connection.execute('select nope from (select 1 as one) as x'))
      expect(connection.inTransaction).toBe(false)
      const relations = await adapter.introspect.listRelations(connection, database, schema)
      expect(relations.map((relation) => relation.identifier)).not.toContain('undone')
    })

    test('release rolls back and a session written by hand is tracked', async () => {
      const other = await adapter.connect('other')
      await other.execute('begin; select 1')
      expect(other.inTransaction).toBe(true)
      await other.execute(`create table ${quoted}.gone (a int)`)
      await other.release()
      const relations = await adapter.introspect.listRelations(connection, database, schema)
      expect(relations.map((relation) => relation.identifier)).not.toContain('gone')
    })

    test('beginning twice and committing nothing are faults', async () => {
      await connection.begin()
      expect((await failure(connection.begin())).first.kind).toBe('internal')
      await connection.rollback()
      expect((await failure(connection.commit())).first.kind).toBe('internal')
    })

    test('a running statement can be cancelled', async () => {
      const other = await adapter.connect('slow')
      const started = Date.now()
      const outcome = failure(other.execute(environment.slowQuery, { fetch: true }))
      await new Promise((resolve) => setTimeout(resolve, 200))
      await other.cancel()
      expect((await outcome).first.code).toBe('query-cancelled')
      expect(Date.now() - started).toBeLessThan(5000)
      expect(await scalar('select 1', other)).toBe(1)
      await other.release()
    })

    test('cancelAll stops every session', async () => {
      const sessions = await Promise.all(['a', 'b'].map((each) => adapter.connect(each)))
      const outcomes = sessions.map((session) => failure(session.execute(environment.slowQuery, { fetch: true })))
      await new Promise((resolve) => setTimeout(resolve, 200))
      await adapter.cancelAll()
      for (const outcome of outcomes) expect((await outcome).first.code).toBe('query-cancelled')
      await Promise.all(sessions.map((session) => session.release()))
    })

    test('schemas, relations and columns are listed', async () => {
      await connection.execute(`create table ${quoted}.things (id integer, name varchar(20), price decimal(10,2))`)
      await connection.execute(`create view ${quoted}.some_things as select id from ${quoted}.things`)
      const { introspect } = adapter
      expect(await introspect.listSchemas(connection, database)).toContain(schema)
      const relations = await introspect.listRelationsOf(connection, [{ database, schema }])
      expect(relations).toContainEqual({ database, schema, identifier: 'things', type: 'table' })
      expect(relations).toContainEqual({ database, schema, identifier: 'some_things', type: 'view' })
      const columns = await introspect.getColumns(connection, { database, schema, identifier: 'things' })
      expect(columns.map((column) => column.name)).toEqual(['id', 'name', 'price'])
      expect(plugin.dialect.isInteger(columns[0]!.dataType)).toBe(true)
      expect(plugin.dialect.isString(columns[1]!.dataType)).toBe(true)
      expect(await introspect.getColumns(connection, { database, schema, identifier: 'absent' })).toEqual([])
    })

    test('the catalog has types, comments and kinds', async () => {
      await connection.execute(`create table ${quoted}.described (id integer, "Two Words" date)`)
      await connection.execute(`comment on table ${quoted}.described is 'it''s a table'`)
      await connection.execute(`comment on column ${quoted}.described.id is 'the key'`)
      const rows = (await adapter.introspect.getCatalog(connection, [{ database, schema }])).filter(
        (row) => row.table_name === 'described',
      )
      expect(rows.map((row) => [row.column_name, row.column_comment])).toEqual([
        ['id', 'the key'],
        ['Two Words', null],
      ])
      expect(rows[0]).toMatchObject({
        table_database: database,
        table_schema: schema,
        table_type: 'BASE TABLE',
        table_comment: "it's a table",
      })
      expect(rows[0]!.column_index).toBeLessThan(rows[1]!.column_index)
    })

    test("a query's columns are known without running it", async () => {
      const columns = await adapter.introspect.describeQuery(
        connection,
        `select 1 as a, 'x' as b, date '2024-01-01' as c`,
      )
      expect(columns.map((column) => column.name)).toEqual(['a', 'b', 'c'])
      expect(plugin.dialect.isInteger(columns[0]!.dataType)).toBe(true)
      expect(columns[2]!.dataType.toLowerCase()).toBe('date')
    })

    test('rows of text are loaded into typed columns', async () => {
      await connection.execute(
        `create table ${quoted}.seed (id integer, "the name" text, price decimal(10,2), day date, ok boolean)`,
      )
      const rows = [
        ['1', 'a,"b"\n\\c\t', '1.5', '2024-02-29', 'true'],
        ['2', null, null, null, 'False'],
        ['3', '', '0', '1999-12-31', null],
      ]
      const names = ['id', 'the name', 'price', 'day', 'ok']
      const relation = { database, schema, identifier: 'seed' }
      expect(await connection.loadRows?.(relation, names, rows)).toBe(3)
      const result = await connection.execute(`select * from ${quoted}.seed order by id`, { fetch: true })
      expect(result.data).toEqual([
        [1, 2, 3],
        ['a,"b"\n\\c\t', null, ''],
        [{ kind: 'decimal', text: '1.50' }, null, { kind: 'decimal', text: '0.00' }],
        ['2024-02-29', null, '1999-12-31'],
        [true, false, null],
      ])
    })

    test('rows may come in another order of columns', async () => {
      await connection.execute(`create table ${quoted}.turned (a integer, b text)`)
      await connection.loadRows?.({ database, schema, identifier: 'turned' }, ['b', 'a'], [['x', '1']])
      expect((await connection.execute(`select a, b from ${quoted}.turned`, { fetch: true })).data).toEqual([
        [1],
        ['x'],
      ])
    })

    test('a value that does not fit names itself and writes nothing', async () => {
      await connection.execute(`create table ${quoted}.strict_seed (id integer)`)
      const relation = { database, schema, identifier: 'strict_seed' }
      const error = await failure(connection.loadRows!(relation, ['id'], [['1'], ['not a number']]))
      expect(error.message).toContain('not a number')
      expect(Number(await scalar(`select count(*) from ${quoted}.strict_seed`))).toBe(0)
    })

    test('parameters are bound by type', async () => {
      const marks = plugin.type === 'postgres' ? ['$1', '$2', '$3'] : ['?', '?', '?']
      await connection.execute(`create table ${quoted}.bound (a integer, b text, c decimal(10,2))`)
      await connection.execute(`insert into ${quoted}.bound values (${marks.join(', ')})`, {
        bindings: [1, "it's", { kind: 'decimal', text: '2.50' }],
      })
      expect((await connection.execute(`select * from ${quoted}.bound`, { fetch: true })).data).toEqual([
        [1],
        ["it's"],
        [{ kind: 'decimal', text: '2.50' }],
      ])
    })

    test('sessions run side by side', async () => {
      const sessions = await Promise.all([1, 2, 3, 4].map((number) => adapter.connect(`s${number}`)))
      const answers = await Promise.all(sessions.map((session, at) => scalar(`select ${at}`, session)))
      expect(answers).toEqual([0, 1, 2, 3])
      await Promise.all(sessions.map((session) => session.release()))
    })

    test('temporary tables end with the session', async () => {
      const first = await adapter.connect('first')
      await first.execute('create temporary table only_here as select 1 as a')
      await first.release()
      const second = await adapter.connect('second')
      await failure(second.execute('select * from only_here'))
      await second.release()
    })
  })
}
