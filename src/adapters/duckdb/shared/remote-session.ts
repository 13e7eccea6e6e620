import { existsSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { diagnostic, PlumbError } from '../../../core/diagnostic.js'
import type { Connection, ExecuteOptions, QueryResult } from '../../adapter.js'
import type { RelationName } from '../../relation.js'
import { interrupted } from '../errors.js'
import { type ReplyFrame, type Request, readFrames, writeFrame } from './frames.js'

/** A session on a database that another process has open: what it is asked to do is done there. */
export class RemoteSession implements Connection {
  readonly name: string
  readonly #socket: Socket
  readonly #signal: AbortSignal
  readonly #onRelease: (session: RemoteSession) => void
  readonly #waiting = new Map<number, { resolve(reply: ReplyFrame): void; reject(error: unknown): void }>()
  #next = 1
  #inTransaction = false
  #released = false

  constructor(name: string, socket: Socket, signal: AbortSignal, onRelease: (session: RemoteSession) => void) {
    this.name = name
    this.#socket = socket
    this.#signal = signal
    this.#onRelease = onRelease
    readFrames<ReplyFrame>(socket, (reply) => {
      const waiting = this.#waiting.get(reply.id)
      this.#waiting.delete(reply.id)
      waiting?.resolve(reply)
    })
    socket.on('error', () => {})
    socket.once('close', () => {
      for (const { reject } of this.#waiting.values()) reject(hostGone())
      this.#waiting.clear()
    })
  }

  get inTransaction(): boolean {
    return this.#inTransaction
  }

  async execute(sql: string, options: ExecuteOptions = {}): Promise<QueryResult> {
    if (this.#signal.aborted) throw interrupted()
    const bindings = options.bindings?.map(plainBinding)
    const value = await this.#ask({ op: 'execute', sql, options: { ...options, bindings } })
    return value as QueryResult
  }

  async begin(): Promise<void> {
    await this.#ask({ op: 'begin' })
  }

  async commit(): Promise<void> {
    await this.#ask({ op: 'commit' })
  }

  async rollback(): Promise<void> {
    if (this.#inTransaction) await this.#ask({ op: 'rollback' })
  }

  async cancel(): Promise<void> {
    if (!this.#socket.destroyed) writeFrame(this.#socket, { id: 0, request: { op: 'cancel' } })
  }

  async loadRows(
    relation: RelationName,
    columns: readonly string[],
    rows: readonly (readonly (string | null)[])[],
  ): Promise<number> {
    return (await this.#ask({ op: 'load', relation, columns, rows })) as number
  }

  async release(): Promise<void> {
    if (this.#released) return
    this.#released = true
    try {
      await this.rollback()
    } catch {
      // The other process has gone, and the transaction with it.
    }
    this.#socket.end()
    this.#onRelease(this)
  }

  /** @internal Which process answers. */
  async hello(): Promise<number> {
    return (await this.#ask({ op: 'hello', name: this.name })) as number
  }

  async #ask(request: Request): Promise<ReplyFrame['value']> {
    if (this.#socket.destroyed) throw hostGone()
    const id = this.#next++
    const reply = await new Promise<ReplyFrame>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      writeFrame(this.#socket, { id, request })
    })
    this.#inTransaction = reply.inTransaction
    if (reply.diagnostics !== null) throw new PlumbError(reply.diagnostics)
    return reply.value
  }
}

/** Opens a session with whoever listens at an address; null when nobody does. */
export async function openRemote(
  address: string,
  name: string,
  signal: AbortSignal,
  onRelease: (session: RemoteSession) => void,
): Promise<{ readonly session: RemoteSession; readonly processId: number } | null> {
  if (!existsSync(address)) return null
  const socket = await new Promise<Socket | null>((resolve) => {
    const opening = connect(address)
    opening.once('connect', () => resolve(opening))
    opening.once('error', () => resolve(null))
  })
  if (socket === null) return null
  const session = new RemoteSession(name, socket, signal, onRelease)
  return { session, processId: await session.hello() }
}

/** The process that answers at an address, or null. */
export async function answeringProcess(address: string): Promise<number | null> {
  const opened = await openRemote(address, 'probe', new AbortController().signal, () => {})
  await opened?.session.release()
  return opened?.processId ?? null
}

/** What can be sent to another process: a number or text in place of an object that stands for one. */
function plainBinding(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(plainBinding)
  if (value instanceof Date || value instanceof Uint8Array) return value
  if ((value as { kind?: unknown }).kind === 'decimal')
    return { kind: 'decimal', text: (value as { text: string }).text }
  return value.valueOf()
}

function hostGone(): PlumbError {
  return new PlumbError(
    diagnostic('database', 'database-host-gone', 'The process that had the database open has ended', {
      hint: 'run the command again: plumb retry does what is left',
    }),
  )
}
