import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { internalError, PlumbError } from '../../../core/diagnostic.js'
import type { Connection } from '../../adapter.js'
import { type ReplyFrame, type Request, type RequestFrame, readFrames, writeFrame } from './frames.js'
import { answeringProcess } from './remote-session.js'

/** A query that only reads, as far as its first word tells. */
const READS = /^\s*(?:select|with|from|describe|show|explain|pragma|set|values)\b/i

export interface HostOptions {
  readonly address: string
  connect(name: string): Promise<Connection>
  /** Something was changed on behalf of another process. */
  readonly onWrite: () => void
}

/**
 * Lets other processes of the same user work on a database that this process has open: each of their sessions is one
 * here, and ends with its connection. Null when another process does that already.
 */
export async function hostDatabase(options: HostOptions): Promise<{ close(): Promise<void> } | null> {
  const { address } = options
  if ((await answeringProcess(address)) !== null) return null
  rmSync(address, { force: true })
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serve(socket, options)
  })
  await listen(server, address)
  return {
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((done) => server.close(() => done()))
      rmSync(address, { force: true })
    },
  }
}

/** From its first moment on the socket is for this user alone. */
async function listen(server: Server, address: string): Promise<void> {
  const mask = process.umask(0o177)
  try {
    await new Promise<void>((listening, failed) => {
      server.once('error', failed)
      server.listen(address, listening)
    })
  } finally {
    process.umask(mask)
  }
  chmodSync(address, 0o600)
  server.unref()
}

function serve(socket: Socket, { connect, onWrite }: HostOptions): void {
  let session: Promise<Connection> | undefined
  let before: Promise<void> = Promise.resolve()
  const open = (name: string): Promise<Connection> => (session ??= connect(name))
  socket.on('error', () => {})
  socket.once('close', () => void session?.then((each) => each.cancel().then(() => each.release())).catch(() => {}))
  readFrames<RequestFrame>(socket, ({ id, request }) => {
    if (request.op === 'cancel') {
      void session?.then((each) => each.cancel()).catch(() => {})
      return
    }
    // One after the other, as they were sent.
    before = before.then(async () => {
      const reply = await answer(id, request, open)
      if (!socket.destroyed) writeFrame(socket, reply)
      if (request.op === 'load' || request.op === 'commit' || (request.op === 'execute' && !READS.test(request.sql)))
        onWrite()
    })
  })
}

async function answer(
  id: number,
  request: Exclude<Request, { op: 'cancel' }>,
  open: (name: string) => Promise<Connection>,
): Promise<ReplyFrame> {
  let session: Connection | undefined
  try {
    session = await open(request.op === 'hello' ? request.name : 'shared')
    const value = await perform(session, request)
    return { id, value, inTransaction: session.inTransaction, diagnostics: null }
  } catch (error) {
    const known = error instanceof PlumbError ? error : internalError(String(error), error)
    return { id, value: null, inTransaction: session?.inTransaction ?? false, diagnostics: known.diagnostics }
  }
}

async function perform(session: Connection, request: Exclude<Request, { op: 'cancel' }>): Promise<ReplyFrame['value']> {
  switch (request.op) {
    case 'hello':
      return process.pid
    case 'execute':
      return session.execute(request.sql, request.options)
    case 'begin':
      await session.begin()
      return null
    case 'commit':
      await session.commit()
      return null
    case 'rollback':
      await session.rollback()
      return null
    case 'load':
      return (await session.loadRows?.(request.relation, request.columns, request.rows)) ?? 0
  }
}
