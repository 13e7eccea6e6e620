import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenDoor } from '../../../src/serve/door.js'
import { type TestProject, testProject } from '../../support/project.js'
import { type OpenedService, openService } from '../../support/served-project.js'
import { openDoor, withUsers } from './door.js'

interface RowCursor extends pg.Submittable {
  read(rows: number): Promise<{ readonly n: number }[]>
  close(): Promise<void>
}
const Cursor = createRequire(import.meta.url)('pg-cursor') as new (text: string) => RowCursor

const MODELS = {
  'models/numbers.sql': 'select cast(i as integer) as n from range(1, 1001) as t(i)',
  'models/kinds.sql': `
select true as b, cast(-7 as smallint) as i2, cast(2147483647 as integer) as i4, cast(9007199254740993 as bigint) as i8,
  cast(-12345.6700 as decimal(12, 4)) as d, cast(0.1 as real) as f4, cast(1e20 as double) as f8, 'Grüße; ''x''' as t,
  date '1999-12-31' as day, timestamp '2024-02-29 12:30:00.123456' as ts, timestamptz '2024-02-29 12:30:00+00' as tz,
  time '23:59:59.5' as clock, interval '1 year 2 months 3 days 4 hours' as span,
  cast('0b0e8f5a-1111-2222-3333-444455556666' as uuid) as id, cast('\\x00\\xff' as blob) as raw, ['a', null, 'b "c"'] as list,
  [[1, 2], [3, 4]] as grid, cast(170141183460469231731687303715884105727 as hugeint) as huge, cast(null as integer) as missing`,
}

let project: TestProject
let opened: OpenedService
let door: OpenDoor

beforeAll(async () => {
  project = testProject(MODELS)
  const built = await project.run('build')
  expect(built.code, built.stdout).toBe(0)
  opened = await openService(project.dir)
  door = await openDoor(opened.service)
})
afterAll(async () => {
  await door?.close(100)
  await opened?.close()
  project?.dispose()
})

async function withClient<T>(work: (client: pg.Client) => Promise<T>, options: pg.ClientConfig = {}): Promise<T> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: door.address.port,
    user: 'ann',
    database: 'test',
    ...options,
  })
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'answered',
    (error: pg.DatabaseError) => error.code ?? error.message,
  )

describe('values', () => {
  it('are printed as PostgreSQL prints them', () =>
    withClient(async (client) => {
      const raw = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig
      const { rows, fields } = await client.query({ text: 'select * from kinds', types: raw })
      expect(rows[0]).toEqual({
        b: 't',
        i2: '-7',
        i4: '2147483647',
        i8: '9007199254740993',
        d: '-12345.6700',
        f4: '0.1',
        f8: '1e+20',
        t: "Grüße; 'x'",
        day: '1999-12-31',
        ts: '2024-02-29 12:30:00.123456',
        tz: '2024-02-29 12:30:00+00',
        clock: '23:59:59.5',
        span: '1 year 2 mons 3 days 04:00:00',
        id: '0b0e8f5a-1111-2222-3333-444455556666',
        raw: '\\x00ff',
        list: '{a,NULL,"b \\"c\\""}',
        grid: '{{1,2},{3,4}}',
        huge: '170141183460469231731687303715884105727',
        missing: null,
      })
      expect(fields.map((field) => field.dataTypeID)).toEqual([
        16, 21, 23, 20, 1700, 700, 701, 25, 1082, 1114, 1184, 1083, 1186, 2950, 17, 1009, 1007, 1700, 23,
      ])
    }))

  it('have the binary form that clients read', () =>
    withClient(async (client) => {
      const binary = await client.query({
        text: 'select b, i2, i4, i8, t, day is null as x, missing from kinds',
        binary: true,
      } as pg.QueryConfig)
      expect(binary.rows[0]).toMatchObject({
        b: true,
        i2: -7,
        i4: 2147483647,
        t: "Grüße; 'x'",
        x: false,
        missing: null,
      })
      expect(String(binary.rows[0].i8)).toBe('9007199254740993')
    }))

  it('come as parameters of every common type', () =>
    withClient(async (client) => {
      const { rows } = await client.query(
        'select count(*)::int as n from kinds where i4 = $1 and t = $2 and b = $3 and day = $4 and d < $5 and i8 = $6 and id = $7::uuid',
        [
          2147483647,
          "Grüße; 'x'",
          true,
          '1999-12-31',
          -1.5,
          '9007199254740993',
          '0b0e8f5a-1111-2222-3333-444455556666',
        ],
      )
      expect(rows).toEqual([{ n: 1 }])
    }))
})

describe('the extended protocol', () => {
  it('suspends portals at their row limit and goes on where it stopped', () =>
    withClient(async (client) => {
      const cursor = client.query(new Cursor('select n from numbers order by n'))
      const first = await cursor.read(5)
      const second = await cursor.read(400)
      const rest = await cursor.read(10_000)
      expect([first.length, second.length, rest.length]).toEqual([5, 400, 595])
      expect([first[0]?.n, second[0]?.n, rest.at(-1)?.n]).toEqual([1, 6, 1000])
      expect(await cursor.read(5)).toEqual([])
      await cursor.close()
    }))

  it('keeps prepared statements, and says which are missing', () =>
    withClient(async (client) => {
      for (const n of [3, 4]) {
        const { rows } = await client.query({ name: 'one', text: 'select n from numbers where n = $1', values: [n] })
        expect(rows).toEqual([{ n }])
      }
      await client.query('prepare two (int) as select n from numbers where n > $1 order by n limit 1')
      expect((await client.query('execute two(41)')).rows).toEqual([{ n: 42 }])
      expect(await codeOf(client.query('execute three(1)'))).toBe('26000')
      await client.query('deallocate two')
      expect(await codeOf(client.query('execute two(1)'))).toBe('26000')
      expect(await codeOf(client.query('prepare four as select 1; prepare four as select 2'))).toBe('42P05')
    }))

  it('answers several statements of one text', () =>
    withClient(async (client) => {
      const results = (await client.query(
        'select 1 as a; select count(*) from numbers; select 2 as b',
      )) as unknown as pg.QueryResult[]
      expect(results.map((result) => Object.values(result.rows[0]).map(String))).toEqual([['1'], ['1000'], ['2']])
      expect(await codeOf(client.query({ text: 'select 1; select 2', queryMode: 'extended' } as pg.QueryConfig))).toBe(
        '42601',
      )
      expect((await client.query('')).rows).toEqual([])
    }))
})

describe('transactions', () => {
  it('behave though nothing is written', () =>
    withClient(async (client) => {
      await client.query('begin')
      expect(await codeOf(client.query('select * from nothing'))).toBe('42P01')
      expect(await codeOf(client.query('select 1'))).toBe('25P02')
      expect((await client.query('commit')).command).toBe('ROLLBACK')
      expect(await codeOf(client.query('select 1'))).toBe('answered')
      await client.query('begin; savepoint s')
      expect(await codeOf(client.query('select nonsense('))).toBe('42601')
      await client.query('rollback to s')
      expect(await codeOf(client.query('select 1'))).toBe('answered')
      expect(await codeOf(client.query('rollback to other'))).toBe('3B001')
      await client.query('rollback')
      expect(await codeOf(client.query('savepoint s'))).toBe('25P01')
    }))

  it('undo settings, and end cursors', () =>
    withClient(async (client) => {
      const path = async (): Promise<string> => (await client.query('show search_path')).rows[0].search_path
      await client.query('begin; set search_path = other, main; declare c cursor for select n from numbers order by n')
      expect(await path()).toBe('other, main')
      await client.query('rollback')
      expect(await path()).toBe('metrics, main, public')
      expect(await codeOf(client.query('fetch 1 from c'))).toBe('34000')
      await client.query("begin; set local application_name = 'x'; commit")
      expect((await client.query('show application_name')).rows[0].application_name).toBe('')
    }))
})

describe('cursors', () => {
  it('fetch, move and hold', () =>
    withClient(async (client) => {
      expect(await codeOf(client.query('declare c cursor for select 1'))).toBe('25P01')
      await client.query('begin; declare c cursor with hold for select n from numbers order by n')
      expect((await client.query('fetch 2 from c')).rows).toEqual([{ n: 1 }, { n: 2 }])
      expect((await client.query('move 10 in c')).command).toBe('MOVE')
      expect((await client.query('fetch next from c')).rows).toEqual([{ n: 13 }])
      await client.query('commit')
      expect((await client.query('fetch all from c')).rows).toHaveLength(987)
      expect(await codeOf(client.query('fetch backward 1 from c'))).toBe('55000')
      await client.query('close c')
      expect(await codeOf(client.query('fetch 1 from c'))).toBe('34000')
    }))
})

describe('settings', () => {
  it('are remembered, reset and reported', () =>
    withClient(
      async (client) => {
        expect((await client.query("select current_setting('application_name')")).rows[0].current_setting).toBe('tests')
        await client.query("set statement_timeout = '5s'; set my.own = 'x'")
        expect((await client.query('show statement_timeout')).rows[0].statement_timeout).toBe('5s')
        expect((await client.query("select set_config('my.own', 'y', false)")).rows[0].set_config).toBe('y')
        expect((await client.query('show my.own')).rows[0]['my.own']).toBe('y')
        await client.query('discard all')
        expect((await client.query('show statement_timeout')).rows[0].statement_timeout).toBe('0')
        expect(await codeOf(client.query('show nonsense'))).toBe('42704')
        expect(await codeOf(client.query("set client_encoding = 'LATIN1'"))).toBe('22023')
        expect((await client.query('show all')).rows.length).toBeGreaterThan(40)
      },
      { application_name: 'tests' },
    ))
})

describe('copy', () => {
  const psql = (sql: string): Promise<string> =>
    new Promise((done, failed) => {
      const args = ['-X', '-h', '127.0.0.1', '-p', String(door.address.port), '-U', 'ann', 'test', '-qc', sql]
      execFile('psql', args, { env: { ...process.env, PGOPTIONS: '-c plumbline.proof=off' } }, (error, out, err) =>
        error === null ? done(out) : failed(new Error(err)),
      )
    })

  it('gives text, csv and binary', async () => {
    expect(
      await psql(
        "copy (select n, 'a' || chr(9) || 'b' as t, cast(null as text) as x from numbers order by n limit 2) to stdout",
      ),
    ).toBe('1\ta\\tb\t\\N\n2\ta\\tb\t\\N\n')
    expect(
      await psql(
        `copy (select n, 'a,"b"' as t, cast(null as text) as x from numbers order by n limit 1) to stdout (format csv, header, force_quote (n))`,
      ),
    ).toBe('n,t,x\n"1","a,""b""",\n')
    expect((await psql('copy numbers (n) to stdout')).split('\n')).toHaveLength(1001)
    const file = join(mkdtempSync(join(tmpdir(), 'plumb-copy-')), 'rows.bin')
    await psql(`\\copy (select n from numbers order by n limit 2) to '${file}' (format binary)`)
    const bytes = readFileSync(file)
    expect(bytes.subarray(0, 11).toString('latin1')).toBe('PGCOPY\n\xff\r\n\0')
    expect(bytes.subarray(19).toString('hex')).toBe('0001' + '0000000400000001' + '0001' + '0000000400000002' + 'ffff')
  })
})

describe('cancelling', () => {
  it('stops a statement that runs, and only that', () =>
    withClient(async (client) => {
      const { processID, secretKey } = client as unknown as { processID: number; secretKey: number }
      const slow = codeOf(
        client.query('select count(*) from numbers a, numbers b, numbers c, numbers d where a.n + b.n + c.n * d.n = 7'),
      )
      await new Promise((resolve) => setTimeout(resolve, 500))
      const { connect } = await import('node:net')
      const socket = connect(door.address.port, '127.0.0.1')
      const message = Buffer.alloc(16)
      message.writeInt32BE(16, 0)
      message.writeInt32BE(80877102, 4)
      message.writeInt32BE(processID, 8)
      message.writeInt32BE(secretKey, 12)
      socket.end(message)
      expect(await slow).toBe('57014')
      expect(await codeOf(client.query('select 1'))).toBe('answered')
    }))

  it('stops at statement_timeout', () =>
    withClient(async (client) => {
      await client.query('set statement_timeout = 300')
      expect(
        await codeOf(
          client.query(
            'select count(*) from numbers a, numbers b, numbers c, numbers d where a.n + b.n + c.n * d.n = 7',
          ),
        ),
      ).toBe('57014')
    }))
})

describe('logging in', () => {
  it('needs the password, by SCRAM-SHA-256', async () => {
    const guarded = await openDoor(opened.service, await withUsers({ ann: 'sesame ö', bob: 'other' }))
    const { port } = guarded.address
    const enter = (user: string, password: string): Promise<string> =>
      codeOf(withClient((client) => client.query('select current_user'), { port, user, password }))
    try {
      expect(await enter('ann', 'sesame ö')).toBe('answered')
      expect(await enter('ann', 'other')).toBe('28P01')
      expect(await enter('nobody', 'other')).toBe('28P01')
    } finally {
      await guarded.close(100)
    }
  })
})

describe('TLS', () => {
  it('is spoken with a certificate, and refused without', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'plumb-tls-'))
    const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')]
    const args = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-keyout',
      key,
      '-out',
      cert,
    ]
    execFileSync('openssl', args, { stdio: 'pipe' })
    const tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
    const secure = await openDoor(opened.service, await withUsers({ ann: 'secret' }), { tls })
    try {
      const config = { port: secure.address.port, password: 'secret', ssl: { rejectUnauthorized: false } }
      expect(
        await withClient(
          async (client) => (await client.query('select n from numbers order by n limit 1')).rows,
          config,
        ),
      ).toEqual([{ n: 1 }])
    } finally {
      await secure.close(100)
    }
    await expect(withClient(async () => {}, { ssl: { rejectUnauthorized: false } })).rejects.toThrow(/SSL/)
  })
})
