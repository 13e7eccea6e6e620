import type { Socket } from 'node:net'
import { type SecureContext, TLSSocket } from 'node:tls'
import { type Caller, type Identity, isLoopback } from '../../query/index.js'
import { authenticate } from './authenticate.js'
import type { Limits } from './limits.js'
import { AUTH_OK, writeAuthentication, writeBackendKey, writeError, writeNegotiateVersion } from './protocol/backend.js'
import { ByteWriter, FLUSH_AT } from './protocol/byte-writer.js'
import { type Frame, FrameReader } from './protocol/frame-reader.js'
import { readFrontendMessage } from './protocol/frontend.js'
import { readStartupMessage, STARTUP_LIMIT, type StartupMessage } from './protocol/startup.js'
import { refuse, reportError, SQLSTATE, WireError } from './protocol/wire-error.js'
import type { ServerEnvironment } from './session/environment.js'
import type { Outlet } from './session/portal.js'
import { Session } from './session/session.js'
import { Settings } from './session/settings.js'
import { Transaction } from './session/transaction.js'

export interface ConnectionOptions {
  readonly pid: number
  readonly secret: Buffer
  readonly identity: Identity
  readonly limits: Limits
  readonly secureContext: SecureContext | null
  readonly log: (level: 'debug' | 'info' | 'warn', message: string) => void
  /** Why nobody is let in now. */
  readonly refusal: 'closing' | 'full' | null
  environment(): Promise<ServerEnvironment>
  cancel(pid: number, secret: Buffer): void
}

/** Unread bytes of a client at which it is no longer listened to until they are dealt with. */
const ENOUGH = 1 << 20

/** Unsent bytes at which a client is waited for. */
const AHEAD = 1 << 19

/** The bytes of one client: they are cut into messages and answered one after the other. */
export class Connection implements Outlet {
  readonly out = new ByteWriter(1 << 14)
  readonly secret: Buffer
  readonly closed: Promise<void>
  #socket: Socket
  readonly #options: ConnectionOptions
  readonly #frames = new FrameReader(STARTUP_LIMIT)
  #session: Session | null = null
  #wake: (() => void) | null = null
  #ended = false
  #closeNow: () => void = () => {}
  #busy = false
  #leaving = false

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket
    this.#options = options
    this.secret = options.secret
    this.closed = new Promise((resolve) => {
      this.#closeNow = resolve
    })
    this.#listen(socket)
    this.#run().catch((error: unknown) => {
      options.log('debug', `pgwire: ${error instanceof Error ? error.message : String(error)}`)
      this.destroy()
    })
  }

  cancel(): void {
    this.#session?.cancel()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** Says goodbye, after the statement that runs. */
  async shutdown(): Promise<void> {
    this.#leaving = true
    if (!this.#busy) this.#sayGoodbye()
    await this.closed
  }

  #sayGoodbye(): void {
    writeError(this.out, {
      severity: 'FATAL',
      sqlState: SQLSTATE.adminShutdown,
      message: 'terminating connection due to administrator command',
    })
    this.#socket.end(this.out.take())
    this.#stop()
  }

  #listen(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => {
      this.#frames.push(chunk)
      if (this.#frames.buffered > ENOUGH && this.#busy) socket.pause()
      this.#wake?.()
    })
    socket.on('error', () => this.#stop())
    socket.on('end', () => this.#stop())
    socket.on('close', () => this.#stop())
  }

  #stop(): void {
    if (this.#ended) return
    this.#ended = true
    this.#wake?.()
    void this.#session?.close()
    this.#closeNow()
  }

  /** Sends what was written. Waits for a client that is behind; one that never takes anything is let go. */
  async flush(): Promise<void> {
    if (this.out.length === 0 || this.#ended) return this.#refuseWhenGone()
    const socket = this.#socket
    const bytes = this.out.take()
    socket.write(bytes, () => this.out.giveBack(bytes))
    if (socket.writableLength <= AHEAD) {
      // The next rows are made while these are on their way; others get their turn in between.
      if (bytes.length >= FLUSH_AT) await new Promise(setImmediate)
      return this.#refuseWhenGone()
    }
    await new Promise<void>((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer)
        socket.off('drain', done)
        socket.off('close', done)
        resolve()
      }
      const timer = setTimeout(() => {
        socket.destroy()
        reject(new WireError(SQLSTATE.idleSession, 'the client does not read its rows'))
      }, this.#options.limits.stall)
      socket.on('drain', done)
      socket.on('close', done)
    })
    this.#refuseWhenGone()
  }

  /** Rows for somebody who left need not be made. */
  #refuseWhenGone(): void {
    if (this.#ended) throw new WireError(SQLSTATE.queryCanceled, 'the client is gone')
  }

  /** The next message, or null when the client is gone. */
  async #next(timeout: number): Promise<Frame | null> {
    const deadline = timeout > 0 ? Date.now() + timeout : 0
    for (;;) {
      if (this.#ended) return null
      const frame = this.#frames.next()
      if (frame !== null) return frame
      this.#socket.resume()
      await new Promise<void>((resolve) => {
        const timer = deadline > 0 ? setTimeout(resolve, Math.max(0, deadline - Date.now())) : undefined
        this.#wake = () => {
          clearTimeout(timer)
          this.#wake = null
          resolve()
        }
      })
      this.#wake = null
      if (deadline > 0 && Date.now() >= deadline && !this.#ended) {
        const message =
          this.#session === null
            ? 'canceling authentication due to timeout'
            : 'terminating connection due to idle-session timeout'
        refuse(SQLSTATE.idleSession, message)
      }
    }
  }

  async #run(): Promise<void> {
    try {
      const started = await this.#start()
      if (started) await this.#serve()
    } catch (error) {
      if (!this.#ended) {
        writeError(this.out, { ...reportError(error), severity: 'FATAL' })
        this.#socket.end(this.out.take())
      }
    } finally {
      await this.#session?.close()
      this.#stop()
      // A client that does not close its side is not waited for.
      setTimeout(() => this.#socket.destroy(), 1000).unref()
      this.#socket.end()
    }
  }

  /** Everything up to the first ReadyForQuery; false when there will be none. */
  async #start(): Promise<boolean> {
    const { options, deadline } = { options: this.#options, deadline: Date.now() + this.#options.limits.login }
    let message: StartupMessage | null = null
    let tried = false
    while (message?.kind !== 'startup') {
      const frame = await this.#next(deadline - Date.now())
      if (frame === null) return false
      message = readStartupMessage(frame.body)
      if (message.kind === 'cancel') {
        options.cancel(message.pid, message.secret)
        return false
      }
      if (message.kind === 'ssl' && !tried) {
        tried = true
        await this.#upgrade()
      } else if (message.kind !== 'startup') {
        this.#socket.write('N')
      }
    }
    if (options.refusal === 'full') refuse(SQLSTATE.tooManyConnections, 'sorry, too many clients already')
    if (options.refusal === 'closing') refuse('57P03' as '57P01', 'the database system is shutting down')
    this.#frames.startTyped(1 << 16)
    this.#requireSecrecy()
    const user =
      message.parameters.get('user') ??
      refuse(SQLSTATE.invalidAuthorization, 'no PostgreSQL user name specified in startup packet')
    const unknown = [...message.parameters.keys()].filter((name) => name.startsWith('_pq_.'))
    if (message.minor > 0 || unknown.length > 0) writeNegotiateVersion(this.out, unknown)
    const caller = await authenticate(user, options.identity, this.#socket.remoteAddress, {
      out: this.out,
      flush: () => this.flush(),
      password: async () => {
        const frame = await this.#next(deadline - Date.now())
        if (frame === null) refuse(SQLSTATE.protocolViolation, 'the client is gone')
        if (frame.type !== 'p'.charCodeAt(0)) refuse(SQLSTATE.protocolViolation, 'expected password response')
        return frame.body
      },
    })
    this.#frames.allow(options.limits.message)
    await this.#open(caller, user, message.parameters)
    return true
  }

  async #open(caller: Caller, user: string, parameters: ReadonlyMap<string, string>): Promise<void> {
    const shared = await this.#options.environment()
    const { searchPath } = shared.relations(caller)
    const settings = new Settings({
      session_authorization: user,
      search_path: searchPath
        .map((name) => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`))
        .join(', '),
    })
    for (const [name, value] of startupSettings(parameters)) settings.setInitial(name, value)
    const { pid, secret } = this.#options
    this.#session = new Session(
      {
        ...shared,
        caller,
        user,
        pid,
        settings,
        transaction: new Transaction(),
        prepared: new Map(),
        portals: new Map(),
      },
      this,
    )
    writeAuthentication(this.out, AUTH_OK)
    writeBackendKey(this.out, pid, secret)
    this.#session.ready()
    await this.flush()
  }

  async #serve(): Promise<void> {
    const session = this.#session!
    for (;;) {
      const frame = await this.#next(this.#options.limits.idle)
      if (frame === null) return
      const message = readFrontendMessage(frame)
      if (message.kind === 'terminate') return
      this.#busy = true
      try {
        await session.handle(message)
      } finally {
        this.#busy = false
        this.out.rest()
      }
      if (this.#leaving && this.#frames.buffered === 0) {
        this.#sayGoodbye()
        return
      }
    }
  }

  /** Where TLS can be spoken, rows do not cross a network without it. */
  #requireSecrecy(): void {
    const socket = this.#socket
    if (this.#options.secureContext === null || socket instanceof TLSSocket || isLoopback(socket.remoteAddress)) return
    refuse(SQLSTATE.invalidAuthorization, 'clients of other machines are let in over TLS only', {
      hint: 'connect with sslmode=require',
    })
  }

  /** TLS, when there is a certificate. Bytes that came before its handshake would be taken for secret ones: refused. */
  async #upgrade(): Promise<void> {
    const { secureContext } = this.#options
    if (secureContext === null) {
      this.#socket.write('N')
      return
    }
    if (this.#frames.buffered > 0) refuse(SQLSTATE.protocolViolation, 'received unencrypted data after SSL request')
    const plain = this.#socket
    plain.removeAllListeners('data')
    plain.removeAllListeners('end')
    plain.removeAllListeners('close')
    plain.write('S')
    const secure = new TLSSocket(plain, { isServer: true, secureContext })
    this.#socket = secure
    this.#listen(secure)
  }
}

/** `options=-c search_path=marts` and the settings that are named outright. */
function startupSettings(parameters: ReadonlyMap<string, string>): (readonly [string, string])[] {
  const settings: (readonly [string, string])[] = []
  for (const [name, value] of parameters) {
    if (name === 'user' || name === 'database' || name === 'replication' || name.startsWith('_pq_.')) continue
    if (name !== 'options') {
      settings.push([name, value])
      continue
    }
    for (const [, key, text] of value.matchAll(/(?:-c\s*|--)([\w.-]+)\s*=\s*((?:\\.|\S)*)/g)) {
      settings.push([key!.replaceAll('-', '_'), text!.replace(/\\(.)/g, '$1')])
    }
  }
  return settings
}
