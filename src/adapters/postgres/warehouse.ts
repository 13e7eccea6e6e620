import { setTimeout as sleep } from 'node:timers/promises'
import pg, { type Client } from 'pg'
import { fail, PlumbError } from '../../core/diagnostic.js'
import type { Adapter, AdapterPlugin, AdapterTemplateMethod, OpenOptions, RunLock, RunLockRequest } from '../adapter.js'
import { PostgresSession } from './connection.js'
import type { PostgresCredentials } from './credentials.js'
import { quoteIdentifier } from './dialect.js'
import { databaseError } from './errors.js'
import { postgresIntrospector } from './introspector.js'
import { lockRun } from './run-lock.js'
import { type SslAttempt, sslAttempts } from './ssl.js'
import { templateMethods } from './template-methods.js'

/** One PostgreSQL database and a pool of sessions on it: as many as there are threads, and one for the run itself. */
export class PostgresWarehouse implements Adapter {
  readonly plugin: AdapterPlugin
  readonly credentials: PostgresCredentials
  readonly introspect = postgresIntrospector
  readonly templateMethods: Readonly<Record<string, AdapterTemplateMethod>>
  readonly #options: OpenOptions
  readonly #size: number
  readonly #idle: Client[] = []
  /** Sessions that the server or the network ended. */
  readonly #lost = new WeakSet<Client>()
  readonly #waiting: (() => void)[] = []
  readonly #sessions = new Set<PostgresSession>()
  #lent = 0
  #closed = false
  /** The way to connect that worked last: `sslmode: prefer` need not find out every time. */
  #ssl: readonly SslAttempt[] | null = null
  /** While a run has its lock: what each of its sessions says first. */
  #mark: string | null = null

  constructor(plugin: AdapterPlugin, credentials: PostgresCredentials, options: OpenOptions) {
    this.plugin = plugin
    this.credentials = credentials
    this.#options = options
    this.#size = Math.max(1, options.threads) + 1
    this.templateMethods = templateMethods(credentials)
  }

  /** @throws PlumbError when the server cannot be reached or refuses the log-in. */
  async connect(name: string): Promise<PostgresSession> {
    while (this.#lent >= this.#size) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    if (this.#closed) fail('database', 'adapter-closed', `The connection to ${this.credentials.host} is closed`)
    this.#lent++
    try {
      const client = this.#idleClient() ?? (await this.#open())
      const session: PostgresSession = new PostgresSession(name, client, {
        autocommit: this.credentials.autocommit,
        signal: this.#options.signal,
        cancel: (processId) => this.#cancelProcess(processId),
        onRelease: (released, usable, reset) => this.#takeBack(session, released, usable, reset),
      })
      this.#sessions.add(session)
      return session
    } catch (error) {
      this.#lent--
      this.#waiting.shift()?.()
      throw error
    }
  }

  async lockRun(request: RunLockRequest): Promise<RunLock> {
    const lock = await lockRun(() => this.#open(), request, this.#options.signal)
    this.#mark = lock.mark
    return {
      release: async () => {
        this.#mark = null
        // The next run must not take sessions that wait here for a killed run's.
        await Promise.all(this.#idle.splice(0).map((client) => client.end()))
        await lock.release()
      },
    }
  }

  async cancelAll(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.cancel()))
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#sessions].map((session) => session.release()))
    await Promise.all(this.#idle.splice(0).map((client) => client.end()))
  }

  /** @param reset everything the session held was discarded. */
  async #takeBack(session: PostgresSession, client: Client, usable: boolean, reset: boolean): Promise<void> {
    this.#sessions.delete(session)
    this.#lent--
    if (this.#lost.has(client)) await client.end().catch(() => {})
    else if (usable && !this.#closed) {
      await this.#takeRole(client)
      if (reset && this.#mark !== null) await client.query(this.#mark)
      this.#idle.push(client)
    } else await client.end()
    this.#waiting.shift()?.()
  }

  #idleClient(): Client | undefined {
    let client = this.#idle.pop()
    while (client !== undefined && this.#lost.has(client)) client = this.#idle.pop()
    return client
  }

  /** Connects, trying again as the profile's `retries` say, and makes the session as the profile wants it. */
  async #open(): Promise<Client> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#prepare(await this.#connectAnyWay())
      } catch (error) {
        // Only what the network does may be different next time; the server's refusal will not be.
        const refused =
          error instanceof PlumbError ||
          (error instanceof pg.DatabaseError && !/^(?:08|57P03|53300)/.test(error.code ?? ''))
        const left = this.credentials.retries - attempt + 1
        if (refused || left <= 0 || this.#options.signal.aborted) throw databaseError(error, '')
        const wait = attempt * attempt
        this.#options.notify?.(
          'debug',
          `Got a retryable error when attempting to open a postgres connection.\n` +
            `${left} attempts remaining. Retrying in ${wait} seconds.\nError:\n${(error as Error).message}`,
        )
        await sleep(1000 * wait, undefined, { signal: this.#options.signal }).catch(() => {})
      }
    }
  }

  async #connectAnyWay(): Promise<Client> {
    const attempts = this.#ssl ?? sslAttempts(this.credentials, this.#options.env)
    for (const [number, ssl] of attempts.entries()) {
      const client = this.#client(ssl)
      try {
        await client.connect()
        this.#ssl = [ssl]
        return client
      } catch (error) {
        const last = number === attempts.length - 1
        // 28000: pg_hba.conf has no entry for this kind of connection, in whatever language the server says so.
        const other =
          (error as pg.DatabaseError).code === '28000' || /SSL|TLS|encryption/i.test((error as Error).message)
        if (last || !other) throw error
      }
    }
    return fail('database', 'postgres-unreachable', `could not connect to server ${this.credentials.host}`)
  }

  #client(ssl: SslAttempt): Client {
    const { credentials } = this
    const path = credentials.search_path
    const client = new pg.Client({
      host: credentials.host,
      port: credentials.port,
      user: credentials.user,
      password: credentials.password,
      database: credentials.database,
      ...(credentials.application_name === '' ? {} : { application_name: credentials.application_name }),
      connectionTimeoutMillis: credentials.connect_timeout * 1000,
      ssl,
      // libpq has keepalives switched on, too; 0 leaves the times to the system.
      keepAlive: true,
      keepAliveInitialDelayMillis: credentials.keepalives_idle * 1000,
      ...(path === null || path === '' ? {} : { options: `-c search_path=${path.replaceAll(' ', '\\ ')}` }),
    })
    // An idle session that the server ends must not end this process; its next use fails with the reason.
    client.on('error', (error) => {
      this.#lost.add(client)
      this.#options.notify?.('debug', `connection lost: ${error.message}`)
    })
    client.on('notice', (notice) => this.#options.notify?.('debug', `${notice.severity}: ${notice.message}`))
    return client
  }

  /**
   * Dates must come in the order we read them in, and a backslash in a literal must be one, whatever the server's or the
   * role's settings are.
   */
  async #prepare(client: Client): Promise<Client> {
    try {
      await client.query(
        "select set_config('DateStyle', 'ISO', false), set_config('IntervalStyle', 'postgres', false), set_config('standard_conforming_strings', 'on', false)",
      )
      if (this.#mark !== null) await client.query(this.#mark)
      await this.#takeRole(client)
      return client
    } catch (error) {
      await client.end().catch(() => {})
      throw error
    }
  }

  async #takeRole(client: Client): Promise<void> {
    const { role } = this.credentials
    if (role !== null && role !== '') await client.query(`set role ${roleName(role)}`)
  }

  async #cancelProcess(processId: number): Promise<void> {
    const client = this.#client(this.#ssl?.[0] ?? false)
    await client.connect()
    try {
      await client.query('select pg_cancel_backend($1)', [processId])
    } finally {
      await client.end()
    }
  }
}

/** A role as dbt sends it, so that the server folds its case; quoted where it could not be read without. */
function roleName(role: string): string {
  return /^(?:[a-z_][\w$]*|"(?:[^"]|"")+")$/i.test(role) ? role : quoteIdentifier(role)
}
