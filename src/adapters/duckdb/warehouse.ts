import { existsSync } from 'node:fs'
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { fail } from '../../core/diagnostic.js'
import type { Adapter, AdapterPlugin, AdapterTemplateMethod, Connection, OpenOptions } from '../adapter.js'
import { DuckDBSession } from './connection.js'
import type { DuckDBCredentials } from './credentials.js'
import { openDatabase, sessionSettings } from './database.js'
import { databaseError } from './errors.js'
import { duckdbIntrospector } from './introspector.js'
import { KeyConstraints } from './key-constraints.js'
import { KeyLock } from './key-lock.js'
import { shareAddress } from './shared/address.js'
import { templateMethods } from './template-methods.js'
import { ThreadUse } from './thread-use.js'

/** One DuckDB database, opened on first use, and the sessions on it. Connections that nobody changed are used again. */
export class DuckDBWarehouse implements Adapter {
  readonly plugin: AdapterPlugin
  readonly credentials: DuckDBCredentials
  readonly introspect = duckdbIntrospector
  readonly templateMethods: Readonly<Record<string, AdapterTemplateMethod>>
  readonly #options: OpenOptions
  readonly #sessions = new Set<Connection>()
  /** Connections of sessions that have ended, as good as new. */
  readonly #idle: DuckDBConnection[] = []
  readonly #keepOpen: boolean
  readonly #settings: string
  readonly #keyLock = new KeyLock()
  readonly #keys = new KeyConstraints()
  #instance: Promise<DuckDBInstance> | null = null
  #threads: ThreadUse | null = null
  #host: { close(): Promise<void> } | null = null
  #opening = 0
  #closed = false

  constructor(plugin: AdapterPlugin, credentials: DuckDBCredentials, options: OpenOptions) {
    this.plugin = plugin
    this.credentials = credentials
    this.#options = options
    this.#keepOpen = credentials.keep_open || credentials.path.startsWith(':memory:')
    this.#settings = sessionSettings(credentials)
    this.templateMethods = templateMethods(credentials, options, this.#keys)
  }

  /**
   * A session here; or, where another process has the file open and shares it, in that process.
   * @throws PlumbError when the database cannot be opened, or was closed before.
   */
  async connect(name: string): Promise<Connection> {
    if (this.#closed) fail('database', 'adapter-closed', `The connection to ${this.credentials.path} is closed`)
    return (this.#instance === null ? await this.#connectElsewhere(name) : null) ?? this.#connectHere(name)
  }

  async share(onWrite: () => void): Promise<void> {
    const address = this.#keepOpen ? shareAddress(this.credentials.path, this.#options.projectRoot) : null
    if (address === null || this.#host !== null) return
    const elsewhere = this.#instance === null ? await this.#connectElsewhere('share') : null
    if (elsewhere !== null) {
      await elsewhere.release()
      return
    }
    // The file must be open here, or there is nothing to share. What others will send is not known: they get all threads.
    const session = await this.#connectHere('share')
    await this.#threads?.widen()
    await session.release()
    const { hostDatabase } = await import('./shared/host.js')
    this.#host = await hostDatabase({ address, connect: (name) => this.#connectHere(name), onWrite })
  }

  async #connectElsewhere(name: string): Promise<Connection | null> {
    const address = shareAddress(this.credentials.path, this.#options.projectRoot)
    if (address === null || !existsSync(address)) return null
    const { openRemote } = await import('./shared/remote-session.js')
    const opened = await openRemote(address, name, this.#options.signal, (session) => this.#sessions.delete(session))
    if (opened === null) return null
    if (opened.processId === process.pid) {
      await opened.session.release()
      return null
    }
    this.#sessions.add(opened.session)
    this.#keys.note()
    if (this.#settings !== '') await opened.session.execute(this.#settings)
    return opened.session
  }

  async #connectHere(name: string): Promise<DuckDBSession> {
    this.#opening++
    try {
      this.#instance ??= this.#open()
      const driver = this.#idle.pop() ?? (await this.#newConnection(await this.#instance))
      const session: DuckDBSession = new DuckDBSession(name, driver, {
        disableTransactions: this.credentials.disable_transactions,
        retries: this.credentials.retries,
        threads: this.#threads,
        keys: this.#keys,
        signal: this.#options.signal,
        onRelease: (released, clean) => this.#takeBack(session, released, clean),
      })
      this.#sessions.add(session)
      return session
    } finally {
      this.#opening--
    }
  }

  /** Models tied by foreign keys are built one at a time. */
  holdForModel(node: unknown, connection: () => Promise<Connection>): Promise<(() => void) | null> {
    return this.#keyLock.hold(node, connection)
  }

  async cancelAll(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.cancel()))
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#host?.close()
    await Promise.all([...this.#sessions].map((session) => session.release()))
    await this.#closeInstance()
  }

  async #open(): Promise<DuckDBInstance> {
    try {
      const instance = await openDatabase(this.credentials, this.#options)
      // Who only reads asks a few questions that may be large; who builds sends many, most of them small.
      if (this.#options.readOnly !== true) {
        this.#threads = await ThreadUse.begin(instance, this.credentials)
      }
      return instance
    } catch (error) {
      this.#instance = null
      throw error
    }
  }

  async #newConnection(instance: DuckDBInstance): Promise<DuckDBConnection> {
    const driver = await instance.connect()
    if (this.#settings === '') return driver
    try {
      await driver.run(this.#settings)
      return driver
    } catch (error) {
      driver.closeSync()
      throw databaseError(error, this.#settings)
    }
  }

  /** With `keep_open: false` the file is free for others whenever no session is on it. */
  #takeBack(session: DuckDBSession, driver: DuckDBConnection, clean: boolean): void {
    this.#sessions.delete(session)
    if (clean && !this.#closed && this.#keepOpen) this.#idle.push(driver)
    else driver.closeSync()
    if (!this.#keepOpen && this.#sessions.size === 0 && this.#opening === 0) void this.#closeInstance()
  }

  async #closeInstance(): Promise<void> {
    const instance = this.#instance
    this.#instance = null
    for (const driver of this.#idle.splice(0)) driver.closeSync()
    if (instance === null) return
    try {
      const opened = await instance
      await this.#threads?.end()
      this.#threads = null
      opened.closeSync()
    } catch {
      // It never opened: whoever asked for it has been told.
    }
  }
}
