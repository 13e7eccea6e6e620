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

  it('may be a thousand', async () => {
    const sockets = await Promise.all(Array.from({ length: 1000 }, raw))
    for (const socket of sockets) socket.write(startup)
    await stillUp()
    for (const socket of sockets) socket.destroy()
    await stillUp()
  })

  it('that leave stop their statements', async () => {
    const socket = await raw()
    const closed = ended(socket)
    socket.write(startup)
    socket.write(message('Q', Buffer.from('select count(*) from wide a, wide b, wide c where a.n + b.n = c.n\0')))
    await new Promise((resolve) => setTimeout(resolve, 300))
    socket.destroy()
    await closed
    await stillUp()
  })
})
