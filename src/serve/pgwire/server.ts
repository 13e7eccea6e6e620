import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import type { Caller, Identity, QueryService } from '../../query/index.js'
import type { Certificate } from '../certificate.js'
import type { Catalogue } from './catalogue/catalogue.js'
import type { DescribedTable } from './catalogue/definitions.js'
import { describeTables } from './catalogue/describe-tables.js'
import { PgliteCatalogue } from './catalogue/pglite-catalogue.js'
import { Connection } from './connection.js'
import type { Limits } from './limits.js'
import { buildRelations } from './relations/build-relations.js'
import type { ServedRelations } from './relations/served.js'
import type { ServerEnvironment } from './session/environment.js'
import { SqlParser } from './statement/parse.js'

export interface ServerOptions {
  readonly identity: Identity
  readonly limits: Limits
  /** Without one, clients that ask for TLS are told that there is none. */
  readonly certificate: Certificate | null
  readonly log: (level: 'debug' | 'info' | 'warn', message: string) => void
}

/** Listens for clients, and holds what they share. */
export class PgServer {
  readonly #service: QueryService
  readonly #options: ServerOptions
  readonly #server: Server
  readonly #connections = new Map<number, Connection>()
  readonly #catalogue: Catalogue
  readonly #relations = new Map<string, ServedRelations>()
  #parser: Promise<SqlParser> | null = null
  #described: { readonly version: number; readonly tables: Promise<readonly DescribedTable[]> } | null = null
  #nextPid = 1
  #closing = false

  constructor(service: QueryService, options: ServerOptions) {
    this.#service = service
    this.#options = options
    this.#catalogue = new PgliteCatalogue({
      describe: () => describeTables(service),
      version: () => service.version,
      timeout: options.limits.catalogueTimeout,
      log: (message) => options.log('warn', message),
    })
    this.#server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, (socket) =>
      this.#accept(socket),
    )
  }

  /** Answers the port it listens on. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject)
        this.#server.on('error', (error) => this.#options.log('warn', `pgwire: ${error.message}`))
        const address = this.#server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  }

  /** Starts what the first client would wait for: the parser and the catalogue. */
  warm(): void {
    this.#parser ??= SqlParser.load()
    // Who needs it is told.
    this.#parser.catch(() => {})
    this.#catalogue.warm()
  }

  /** Takes no more clients, lets running statements end for a while, and closes. */
  async close(grace: number): Promise<void> {
    this.#closing = true
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    const ended = [...this.#connections.values()].map((connection) => connection.shutdown())
    const timer = { handle: undefined as NodeJS.Timeout | undefined }
    const late = new Promise<void>((resolve) => {
      timer.handle = setTimeout(resolve, grace)
    })
    await Promise.race([Promise.all(ended), late])
    clearTimeout(timer.handle)
    for (const connection of this.#connections.values()) connection.destroy()
    await closed
    await this.#catalogue.close()
  }

  /** The statement of the client with this number and secret is stopped. */
  cancel(pid: number, secret: Buffer): void {
    const connection = this.#connections.get(pid)
    if (connection === undefined || secret.length !== connection.secret.length) return
    if (timingSafeEqual(secret, connection.secret)) connection.cancel()
  }

  /** Loads what the sessions share; the parser comes with the first of them. */
  async environment(): Promise<ServerEnvironment> {
    this.#parser ??= SqlParser.load()
    return {
      service: this.#service,
      catalogue: this.#catalogue,
      parser: await this.#parser,
      log: this.#options.log,
      relations: (caller) => this.#relationsOf(caller),
      described: () => this.#describe(),
    }
  }

  #accept(socket: Socket): void {
    const pid = this.#nextPid++
    const full = this.#connections.size >= this.#options.limits.connections
    const connection = new Connection(socket, {
      pid,
      secret: randomBytes(4),
      identity: this.#options.identity,
      limits: this.#options.limits,
      secureContext: this.#options.certificate?.context ?? null,
      log: this.#options.log,
      refusal: this.#closing ? 'closing' : full ? 'full' : null,
      environment: () => this.environment(),
      cancel: (other, secret) => this.cancel(other, secret),
    })
    this.#connections.set(pid, connection)
    connection.closed.then(() => this.#connections.delete(pid))
  }

  #relationsOf(caller: Caller): ServedRelations {
    // Whoever has the same name, groups and attributes sees the same.
    const key = JSON.stringify([this.#service.version, caller])
    const known = this.#relations.get(key)
    if (known !== undefined) return known
    if (this.#relations.size > 200) this.#relations.clear()
    const relations = buildRelations(this.#service, caller)
    this.#relations.set(key, relations)
    return relations
  }

  #describe(): Promise<readonly DescribedTable[]> {
    const { version } = this.#service
    if (this.#described?.version !== version) {
      this.#described = { version, tables: describeTables(this.#service).then(({ tables }) => tables) }
    }
    return this.#described.tables
  }
}
