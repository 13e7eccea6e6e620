import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenDoor } from '../../../src/serve/door.js'
import { postgresMissing, startPostgres, type TestServer } from '../../support/postgres.js'
import { type TestProject, testProject } from '../../support/project.js'
import { type OpenedService, openService } from '../../support/served-project.js'
import { openDoor } from './door.js'

const missing = postgresMissing()
if (missing !== null) console.info(missing)

/** The same numbers in every run. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}

const next = random(7)
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))
const whole = (most: number): number => Math.floor(next() * most)
const two = (value: number): string => String(value).padStart(2, '0')

const doubles = [
  ...[
    '0',
    '-0',
    '1',
    '-1',
    '0.1',
    '0.30000000000000004',
    '1e-4',
    '0.00009999',
    '1e-5',
    '123456.789',
    '999999999.999999',
  ],
  ...[
    '1e9',
    '1e14',
    '999999999999999',
    '1e15',
    '1234567890123456',
    '1e16',
    '1e20',
    '1e100',
    '-1e-300',
    '5e-324',
    '2.5',
  ],
  ...[
    '1.7976931348623157e308',
    'NaN',
    'Infinity',
    '-Infinity',
    '4.35',
    '0.07',
    '1.005',
    '2.675',
    '1234.5',
    '100',
    '1e6',
  ],
  ...many(400, () => String(Math.round((next() - 0.5) * 10 ** whole(12)) / 10 ** whole(8))),
  ...many(200, () => String((next() - 0.5) * 10 ** (whole(40) - 20))),
]
const singles = [
  ...['0', '-0', '0.1', '1e-4', '0.00009', '999999', '1e6', '1234567', '16777216', '3.4028235e38', 'NaN', 'Infinity'],
  ...many(300, () => String(Math.fround(Math.round((next() - 0.5) * 10 ** whole(7)) / 10 ** whole(5)))),
  ...many(100, () => String(Math.fround((next() - 0.5) * 10 ** (whole(20) - 10)))),
]
const days = [
  ...['1970-01-01', '0001-01-01', '9999-12-31', '1999-12-31', '2000-02-29', '1900-03-01', '1600-12-31', '10000-01-01'],
  ...many(200, () => `${String(1 + whole(9999)).padStart(4, '0')}-${two(1 + whole(12))}-${two(1 + whole(28))}`),
]
const clock = (): string =>
  `${two(whole(24))}:${two(whole(60))}:${two(whole(60))}${whole(2) === 0 ? '' : `.${String(whole(1_000_000)).padStart(6, '0')}`}`
const moments = days.flatMap((day) => [`${day} 00:00:00`, `${day} ${clock()}`])

/** Values by type: DuckDB's name of it, PostgreSQL's, and literals that both read. */
const FORMS: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['doubles', 'double', 'float8', doubles],
  ['singles', 'real', 'float4', singles],
  ['small', 'smallint', 'int2', ['0', '-1', '32767', '-32768', '9', '10', '99', '100']],
  [
    'ints',
    'integer',
    'int4',
    [
      '0',
      '2147483647',
      '-2147483648',
      '9999',
      '10000',
      '99999999',
      '100000000',
      ...many(100, () => String(whole(4e9) - 2e9)),
    ],
  ],
  [
    'longs',
    'bigint',
    'int8',
    [
      ...['9223372036854775807', '-9223372036854775808', '9007199254740992', '-9007199254740993', '100000000000000'],
      ...many(200, () => String(whole(2 ** 53) * (whole(2) === 0 ? 1 : -1))),
      ...many(100, (at) => String(10 ** (at % 16))),
    ],
  ],
  ['narrow', 'decimal(4,2)', 'numeric(4,2)', ['0', '-0.01', '99.99', '-99.99', '1.5']],
  [
    'money',
    'decimal(18,4)',
    'numeric(18,4)',
    many(200, () => `${whole(2) === 0 ? '' : '-'}${whole(1e13)}.${whole(9999)}`),
  ],
  ['wide', 'decimal(38,10)', 'numeric(38,10)', ['1234567890123456789012345678.0123456789', '-0.0000000001', '7']],
  ['long_scale', 'decimal(18,12)', 'numeric(18,12)', ['0.000000000001', '-123456.5', '999999.999999999999']],
  ['huge', 'hugeint', 'numeric', ['170141183460469231731687303715884105727', '-5', '0']],
  ['flags', 'boolean', 'bool', ['true', 'false']],
  ['days', 'date', 'date', days],
  ['early', 'date', 'date', ['0044-03-15 BC', '0001-12-31 BC', '4714-11-24 BC', '2024-01-01']],
  ['endless', 'date', 'date', ['infinity', '-infinity', '2024-01-01', '0044-03-15 BC']],
  ['moments', 'timestamp', 'timestamp', moments],
  [
    'early_moments',
    'timestamp',
    'timestamp',
    ['0044-03-15 12:30:00.5 BC', '0001-01-01 00:00:00 BC', '99999-01-01 01:02:03'],
  ],
  [
    'endless_moments',
    'timestamp',
    'timestamp',
    ['infinity', '-infinity', '2024-01-01 10:00:00.25', '0044-03-15 12:30:00 BC'],
  ],
  ['zoned', 'timestamptz', 'timestamptz', moments.map((moment) => `${moment}+02`)],
  [
    'endless_zoned',
    'timestamptz',
    'timestamptz',
    ['infinity', '-infinity', '2024-01-01 10:00:00.25+00', '0044-03-15 12:30:00+00 BC'],
  ],
  ['clocks', 'time', 'time', ['00:00:00', '23:59:59.999999', '12:30:00.5', '24:00:00']],
  [
    'spans',
    'interval',
    'interval',
    [
      '1 year 2 months 3 days 04:05:06.7',
      '-1 month',
      '25 hours',
      '-00:00:00.5',
      '0 days',
      '1 day -00:30:00',
      '14 months -3 days',
      '-1 year 2 days',
      '-1 day 01:00:00',
      '-3 years -1 month 5 days -00:00:01',
    ],
  ],
  ['ids', 'uuid', 'uuid', ['0b0e8f5a-1111-2222-3333-444455556666', 'ffffffff-ffff-ffff-ffff-ffffffffffff']],
  [
    'texts',
    'varchar',
    'text',
    ['', 'a', 'twelve bytes', 'thirteen byte', 'Grüße', '日本語', 'x'.repeat(95), 'y'.repeat(97), 'z'.repeat(70_000)],
  ],
]
const BYTES = ['', '00', 'ff00', 'deadbeef']
const LISTS: readonly (readonly [string, string, string])[] = [
  ['varchar[]', 'text[]', `['a', null, 'b "c"', '', 'NULL', 'x,y', '{', '\\']`],
  ['double[]', 'float8[]', '[1.5, null, 1e20, -0.1]'],
  ['integer[]', 'int4[]', '[]'],
  ['date[]', 'date[]', "[date '2024-01-01', null]"],
  ['boolean[]', 'bool[]', '[true, false, null]'],
  ['timestamp[]', 'timestamp[]', "[timestamp '2024-01-01 10:00:00']"],
]

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** DuckDB writes the era in brackets, behind the day. */
const duck = (text: string): string => literal(text.replace(/^([^ ]*)(.*) BC$/, '$1 (BC)$2'))

const duckModels = (): Record<string, string> => ({
  ...Object.fromEntries(
    FORMS.map(([name, type, , values]) => [
      `models/${name}.sql`,
      `{{ config(materialized='table') }}\n${[...values.map((value, at) => `select ${at} as i, cast(${duck(value)} as ${type}) as v`), `select ${values.length}, null`].join('\nunion all ')}`,
    ]),
  ),
  'models/bytes.sql': BYTES.map((hex, at) => `select ${at} as i, unhex('${hex}') as v`).join('\nunion all '),
  'models/lists.sql': `select ${LISTS.map(([type, , list], at) => `cast(${list} as ${type}) as l${at}`).join(', ')}`,
})

let project: TestProject
let opened: OpenedService
let door: OpenDoor
let server: TestServer
let ours: pg.Client
let theirs: pg.Client

beforeAll(async () => {
  if (missing !== null) return
  project = testProject(duckModels())
  const built = await project.run('build')
  expect(built.code, built.stdout).toBe(0)
  opened = await openService(project.dir)
  door = await openDoor(opened.service)
  server = await startPostgres()
  theirs = new pg.Client(server)
  await theirs.connect()
  await theirs.query("set timezone = 'UTC'")
  await theirs.query('set extra_float_digits = 1')
  for (const [name, , type, values] of FORMS) {
    await theirs.query(`create table ${name} (i int, v ${type})`)
    await theirs.query(
      `insert into ${name} select i - 1, t::${type} from unnest($1::text[]) with ordinality as u(t, i)`,
      [[...values, null]],
    )
  }
  await theirs.query('create table bytes (i int, v bytea)')
  for (const [at, hex] of BYTES.entries()) await theirs.query(`insert into bytes values (${at}, '\\x${hex}')`)
  const lists = LISTS.map(([, type, list], at) => `array${list.replaceAll('\\', '\\')}::${type} as l${at}`)
  await theirs.query(`create table lists as select ${lists.join(', ')}`)
  ours = new pg.Client({ host: '127.0.0.1', port: door.address.port, user: 'ana', database: 'test' })
  await ours.connect()
}, 120_000)

afterAll(async () => {
  if (missing !== null) return
  await ours?.end()
  await theirs?.end()
  await door?.close()
  await opened?.close()
  await server?.stop()
})

/** Only what differs: there are hundreds. */
async function differences(text: string, binary: boolean): Promise<unknown[]> {
  const [mine, other] = [await bytesOf(ours, text, binary), await bytesOf(theirs, text, binary)]
  expect(mine.length).toBe(other.length)
  return mine.flatMap((row, at) => (JSON.stringify(row) === JSON.stringify(other[at]) ? [] : [[row, other[at]]]))
}

/** The bytes of every value, as they come over the wire. */
async function bytesOf(client: pg.Client, text: string, binary: boolean): Promise<(string | null)[][]> {
  const types = {
    getTypeParser: () => (value: string | Buffer) =>
      binary ? Buffer.from(value as Buffer).toString('hex') : String(value),
  }
  const { rows } = await client.query({
    text,
    name: binary ? text : undefined,
    binary,
    types,
    rowMode: 'array',
  } as unknown as pg.QueryArrayConfig)
  return rows as (string | null)[][]
}

describe.skipIf(missing !== null)('values on the wire are byte for byte those of PostgreSQL', () => {
  const tables = [...FORMS.map(([name]) => name), 'bytes']
  it.each(tables)('as text: %s', async (name) => {
    const text = `select v from ${name} order by i`
    expect(await differences(text, false)).toEqual([])
  })

  it.each(tables)('in binary: %s', async (name) => {
    const text = `select v from ${name} order by i`
    expect(await differences(text, true)).toEqual([])
  })

  it.each(['Asia/Seoul', 'america/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', '-7', 'UTC+3', '<+0530>-5:30'])(
    'moments by the clock of %s',
    async (zone) => {
      const set = `set timezone = '${zone}'`
      await Promise.all([ours.query(set), theirs.query(set)])
      try {
        for (const binary of [false, true]) {
          for (const table of ['zoned', 'endless_zoned'])
            expect(await differences(`select v from ${table} order by i`, binary)).toEqual([])
          expect(await differences('select array_agg(v order by i) from zoned where i < 40', binary)).toEqual([])
        }
      } finally {
        await Promise.all([ours.query("set timezone = 'UTC'"), theirs.query("set timezone = 'UTC'")])
      }
    },
  )

  it('says which time zones there are not', async () => {
    for (const zone of ['Mars/Olympus', '99', '', '+09:00'])
      await expect(ours.query(`set timezone = '${zone}'`)).rejects.toMatchObject({
        code: '22023',
        message: `invalid value for parameter "TimeZone": "${zone}"`,
      })
    expect((await ours.query('show timezone')).rows).toEqual([{ TimeZone: 'UTC' }])
  })

  it('takes the time zone of a client that comes with one', async () => {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: door.address.port,
      user: 'ana',
      database: 'test',
      options: '-c TimeZone=Asia/Seoul',
    })
    await client.connect()
    const [row] = await bytesOf(client, "select timestamptz '2024-01-31 20:00:00+00' as v", false)
    expect(row).toEqual(['2024-02-01 05:00:00+09'])
    await client.end()
  })

  it.each([false, true])('lists, binary: %s', async (binary) => {
    expect(await differences('select * from lists', binary)).toEqual([])
  })
})
