import { createHash } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenDoor } from '../../../src/serve/door.js'
import { type TestProject, testProject } from '../../support/project.js'
import { type OpenedService, openService } from '../../support/served-project.js'
import { openDoor } from './door.js'

let project: TestProject
let opened: OpenedService
let door: OpenDoor

beforeAll(async () => {
  project = testProject({
    'models/wide.sql':
      "{{ config(materialized='table') }} select i as n, repeat('x', 1000) as filler from range(200000) as t(i)",
  })
  const built = await project.run('build')
  expect(built.code, built.stdout).toBe(0)
  opened = await openService(project.dir)
  door = await openDoor(opened.service, undefined, { limits: { login: 1500, message: 1 << 20 } })
})
afterAll(async () => {
  await door?.close(100)
  await opened?.close()
  project?.dispose()
})

const config = (): pg.ClientConfig => ({ host: '127.0.0.1', port: door.address.port, user: 'ann', database: 'test' })
const stillUp = async (): Promise<void> => {
  const client = new pg.Client(config())
  await client.connect()
  expect((await client.query('select count(*)::int as n from wide')).rows).toEqual([{ n: 200_000 }])
  await client.end()
}
/** Nothing runs, and nothing waits. */
const quiet = async (): Promise<void> => {
  const busy = (): number => opened.service.figures.running + opened.service.figures.waiting
  for (const deadline = Date.now() + 10_000; busy() > 0 && Date.now() < deadline; ) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(busy()).toBe(0)
}
const raw = (): Promise<Socket> =>
  new Promise((done, failed) => {
    const socket = connect(door.address.port, '127.0.0.1', () => done(socket))
    socket.on('error', failed)
  })
const ended = (socket: Socket): Promise<Buffer> =>
  new Promise((done) => {
    const chunks: Buffer[] = []
    socket.removeAllListeners('error')
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('close', () => done(Buffer.concat(chunks)))
  })

const startup = Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 3, 0, 0]), Buffer.from('user\0ann\0database\0test\0\0')])
startup.writeInt32BE(startup.length, 0)
const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5)
  head.write(type, 0)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

/** Bytes that are the same in every run. */
function* noise(seed: string): Generator<Buffer> {
  for (let i = 0; ; i++) yield createHash('sha512').update(`${seed}${i}`).digest()
}

describe('bad bytes', () => {
  it('before the session end the connection, and nothing else', async () => {
    const bytes = noise('before')
    for (let i = 0; i < 40; i++) {
      const socket = await raw()
      const closed = ended(socket)
      socket.write(bytes.next().value.subarray(0, 8 + (i % 50)))
      socket.end()
      await closed
    }
    await stillUp()
  })

  it('within the session end the connection, and nothing else', async () => {
    const bytes = noise('within')
    for (const type of 'QPBDECHSXdcfFpZ?\0\xff') {
      for (let i = 0; i < 8; i++) {
        const socket = await raw()
        const closed = ended(socket)
        socket.write(startup)
        const body = Buffer.concat([bytes.next().value, i % 2 === 0 ? Buffer.from([0, 0, 0]) : Buffer.alloc(0)])
        socket.write(message(type, body.subarray(i * 4)))
        socket.write(message('S', Buffer.alloc(0)))
        socket.end()
        await closed
      }
    }
    await stillUp()
  })

  it('of statements are answered with errors', async () => {
    const client = new pg.Client(config())
    client.on('error', () => {})
    await client.connect()
    const words =
      "select from wide ( ) , * 'a' \" -- /* */ ; $1 :: date {{ }} semantic_layer . query [ ] = <> case when end union with as order by limit -1 1e999 \\ \u0001 é 'x''y' $$ E'\\' U&'' array row over".split(
        ' ',
      )
    let seed = 7
    const next = (): number => (seed = (seed * 48_271) % 2_147_483_647)
    for (let i = 0; i < 300; i++) {
      const text = Array.from({ length: 1 + (next() % 12) }, () => words[next() % words.length]).join(' ')
      await client.query(text).catch((error: pg.DatabaseError) => expect(error.code, text).toMatch(/^[0-9A-Z]{5}$/))
    }
    const deep = `select ${'('.repeat(50_000)}1${')'.repeat(50_000)}`
    await expect(client.query(deep)).rejects.toMatchObject({ code: '54000' })
    const long = `select ${Array.from({ length: 3000 }, () => 'not').join(' ')} true from wide limit 1`
    await client.query(long).catch((error: pg.DatabaseError) => expect(error.code).toMatch(/^[0-9A-Z]{5}$/))
    const unions = Array.from({ length: 3000 }, () => 'select 1').join(' union all ')
    await client.query(unions).catch((error: pg.DatabaseError) => expect(error.code).toMatch(/^[0-9A-Z]{5}$/))
    await client.end()
    await stillUp()
  })
})

describe('clients that behave badly', () => {
  it('cannot send more than the limit', async () => {
    const client = new pg.Client(config())
    client.on('error', () => {})
    await client.connect()
    await expect(client.query(`select '${'x'.repeat(2 << 20)}'`)).rejects.toThrow()
    await stillUp()
  })

  it('are let go when they do not log in', async () => {
    const socket = await raw()
    const closed = ended(socket)
    socket.write(startup.subarray(0, 6))
    expect((await closed).toString('latin1')).toContain('timeout')
  })

  it('do not fill the memory when they do not read', async () => {
    const socket = await raw()
    const closed = ended(socket)
    socket.pause()
    socket.write(startup)
    socket.write(message('Q', Buffer.from('select * from wide a\0')))
    const before = process.memoryUsage().rss
    await new Promise((resolve) => setTimeout(resolve, 2000))
    // 200 MB of rows wait in the warehouse.
    expect(process.memoryUsage().rss - before).toBeLessThan(150e6)
    socket.destroy()
    await closed
    await stillUp()
  })

  it('do not fill the memory when many of them do not read', async () => {
    const before = process.memoryUsage().rss
    const sockets = await Promise.all(Array.from({ length: 12 }, raw))
    for (const [number, socket] of sockets.entries()) {
      socket.pause()
      socket.write(startup)
      socket.write(message('Q', Buffer.from(`select * from wide where n <> -${number + 1}\0`)))
    }
    await new Promise((resolve) => setTimeout(resolve, 4000))
    // Of 2.4 GB of rows each client has some chunks of 2 MB in the warehouse, here and in the system's buffers.
    const after = process.memoryUsage().rss
    expect(after - before).toBeLessThan(1000e6)
    await new Promise((resolve) => setTimeout(resolve, 2000))
    expect(process.memoryUsage().rss - after).toBeLessThan(50e6)
    await stillUp()
    for (const socket of sockets) socket.destroy()
    await quiet()
  })

  it('may be a thousand, logged in and idle', async () => {
    const before = process.memoryUsage().rss
    const sockets = await Promise.all(Array.from({ length: 1000 }, raw))
    await Promise.all(
      sockets.map(
        (socket) =>
          new Promise<void>((ready) => {
            socket.on('data', (bytes: Buffer) => bytes.at(-6) === 'Z'.charCodeAt(0) && ready())
            socket.write(startup)
          }),
      ),
    )
    // Both ends are in this process.
    expect(process.memoryUsage().rss - before).toBeLessThan(250e6)
    await stillUp()
    for (const socket of sockets) socket.destroy()
    await stillUp()
  })

  it('that stop in the middle of a message, or of an answer, hold up nobody', async () => {
    const halves = await Promise.all(Array.from({ length: 50 }, raw))
    const query = message('Q', Buffer.from('select * from wide\0'))
    for (const [number, socket] of halves.entries()) {
      socket.on('error', () => {})
      socket.write(startup)
      // From the first byte of the head to all but the last of the body; some with bytes of a second message.
      socket.write(query.subarray(0, 1 + (number % (query.length - 1))))
    }
    await stillUp()
    const readers = await Promise.all(Array.from({ length: 20 }, raw))
    await Promise.all(
      readers.map(
        (socket, number) =>
          new Promise<void>((gone) => {
            let read = 0
            socket.on('error', () => {})
            socket.on('close', () => gone())
            socket.on('data', (bytes: Buffer) => {
              read += bytes.length
              if (read <= 100_000 * (number % 5)) return
              // With a reset, or with a goodbye that nobody waits for.
              if (number % 2 === 0) socket.resetAndDestroy()
              else socket.destroy()
            })
            socket.write(startup)
            socket.write(query)
          }),
      ),
    )
    await quiet()
    await stillUp()
    for (const socket of halves) socket.destroy()
  })

  it('that leave stop their statements', async () => {
    const socket = await raw()
    const closed = ended(socket)
    socket.write(startup)
    socket.write(message('Q', Buffer.from('select count(*) from wide a, wide b, wide c where a.n + b.n = c.n\0')))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(opened.service.figures.running).toBe(1)
    socket.destroy()
    await closed
    await quiet()
    await stillUp()
  })
})

describe('text of a client never becomes SQL', () => {
  const ATTACKS = [
    "'; drop table wide; --",
    '"; drop table wide; --',
    "' or '1' = '1",
    "'); select pg_sleep(100); --",
    "\\'; drop table wide; --",
    '$$; drop table wide; $$',
    "{{ Dimension('x') }}'",
    "1; attach '/tmp/x.db' as x",
    "a' union select secret from x --",
    '\u02bc; drop table wide; --',
  ]
  const withClient = async <T>(more: pg.ClientConfig, ask: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = new pg.Client({ ...config(), ...more })
    client.on('error', () => {})
    await client.connect()
    try {
      return await ask(client)
    } finally {
      await client.end().catch(() => {})
    }
  }
  const refused = async (asked: Promise<unknown>, what = ''): Promise<void> => {
    await asked.catch((error: pg.DatabaseError) => {
      expect(error.code).toMatch(/^[0-9A-Z]{5}$/)
      expect(error.code, `${error.message} ${what}`).not.toMatch(/^XX/)
    })
  }

  it.each(ATTACKS)('as a value, a name, a setting or an option: %s', async (attack) => {
    const quoted = attack.replaceAll("'", "''")
    const named = attack.replaceAll('"', '""')
    await withClient({}, async (client) => {
      // As a value it is what it is.
      expect((await client.query('select $1::text as v', [attack])).rows).toEqual([{ v: attack }])
      expect((await client.query(`select '${quoted}' as v`)).rows).toEqual([{ v: attack }])
      expect((await client.query('select n from wide where filler = $1', [attack])).rows).toEqual([])
      expect((await client.query(`select 1 as "${named}" from wide limit 1`)).fields[0]?.name).toBe(attack)
      expect((await client.query(`select n as "${named}" from wide order by "${named}" limit 1`)).rows).toHaveLength(1)
      await client.query('select relname from pg_class where relname = $1', [attack])
      // Wherever else it stands it is refused, or means nothing.
      for (const text of [
        `select * from "${named}"`,
        `select "${named}" from wide`,
        `select "${named}"(n) from wide`,
        `select n::"${named}" from wide limit 1`,
        `set search_path = '${quoted}'`,
        'select relname from pg_class limit 1',
        `set application_name = '${quoted}'`,
        `set "${named}" = 1`,
        `show "${named}"`,
        `begin; declare "${named}" cursor for select 1; fetch all from "${named}"; close "${named}"; commit`,
        `prepare "${named}" as select 1; execute "${named}"`,
        `copy (select '${quoted}') to stdout with (format csv, null '${quoted}')`,
        `copy wide ("${named}") to stdout`,
        `select date_trunc('${quoted}', current_date)`,
        `select to_char(current_date, '${quoted}')`,
        `select extract('${quoted}' from current_date)`,
        `select * from semantic_layer.query(metrics => array['${quoted}'])`,
        `select * from {{ semantic_layer.query(metrics=['${quoted}'], where="${named}") }}`,
        `explain select '${quoted}'`,
        attack,
      ]) {
        await client.query('rollback').catch(() => {})
        await refused(client.query(text), text)
      }
    })
    await refused(withClient({ user: attack }, (client) => client.query('select relname from pg_class limit 1')))
    await refused(withClient({ database: attack }, (client) => client.query('select current_database()')))
    await refused(
      withClient({ application_name: attack, options: `-c search_path=${attack}` }, (client) =>
        client.query('select relname from pg_class limit 1'),
      ),
    )
    await stillUp()
  })
})
