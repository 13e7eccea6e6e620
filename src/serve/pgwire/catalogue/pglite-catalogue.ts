import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { SQLSTATE, WireError } from '../protocol/wire-error.js'
import type { ServedRelations } from '../relations/served.js'
import type { Catalogue, CatalogueReply, CatalogueRequest, CatalogueView } from './catalogue.js'
import { type DescribedTable, definitionSql, hidingSql, name } from './definitions.js'
import { queryMessage, readReply, requestMessages } from './raw-messages.js'
import { catalogueWorker, type WorkerReply } from './worker.js'

export interface CatalogueOptions {
  /** Everything there is to see, with types; asked again when the version changed. */
  readonly describe: () => Promise<{ readonly served: ServedRelations; readonly tables: readonly DescribedTable[] }>
  readonly version: () => number
  /** Milliseconds that one statement may take. */
  readonly timeout: number
  readonly log: (message: string) => void
}

/**
 * A PostgreSQL catalogue in a thread: PGlite, started by the first question. It is one session for all clients, so
 * statements wait for one another, and each leaves nothing behind.
 */
export class PgliteCatalogue implements Catalogue {
  readonly #options: CatalogueOptions
  #worker: Worker | null = null
  #waiting = new Map<number, { resolve: (replies: readonly Uint8Array[]) => void; reject: (error: Error) => void }>()
  #next = 1
  #queue: Promise<unknown> = Promise.resolve()
  #built: { readonly version: number; readonly served: ServedRelations; readonly schemas: readonly string[] } | null =
    null
  /** What the open transaction is prepared for. */
  #applied = ''
  #closed = false

  constructor(options: CatalogueOptions) {
    this.#options = options
  }

  ask(request: CatalogueRequest): Promise<CatalogueReply> {
    const turn = this.#queue.then(() => this.#answer(request))
    this.#queue = turn.catch(() => {})
    return turn
  }

  warm(): void {
    this.#queue = this.#queue
      .then(async () => {
        if (this.#closed) return
        if (this.#worker === null) this.#start()
        if (this.#built?.version !== this.#options.version()) await this.#build()
      })
      // Whoever asks is told.
      .catch(() => {})
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#stop()
  }

  async #answer(request: CatalogueRequest): Promise<CatalogueReply> {
    if (request.signal.aborted) throw canceled()
    const stop = (): void => void this.#stop()
    request.signal.addEventListener('abort', stop, { once: true })
    const timer = { handle: undefined as NodeJS.Timeout | undefined }
    try {
      await this.#prepare(request.view)
      const { timeout } = this.#options
      const allowed = request.timeout > 0 ? Math.min(request.timeout, timeout) : timeout
      timer.handle = setTimeout(() => void this.#stop(), allowed)
      const [, answer] = await this.#send([
        queryMessage('SAVEPOINT ask'),
        requestMessages(request),
        queryMessage('ROLLBACK TO SAVEPOINT ask'),
      ])
      return readReply(answer!)
    } catch (error) {
      if (error instanceof WireError && error.sqlState === SQLSTATE.queryCanceled) await this.#stop()
      throw error
    } finally {
      clearTimeout(timer.handle)
      request.signal.removeEventListener('abort', stop)
    }
  }

  /** Gets the database ready for one caller: started, up to date, and without what this caller may not see. */
  async #prepare({ user, searchPath, served }: CatalogueView): Promise<void> {
    if (this.#worker === null) this.#start()
    if (this.#built?.version !== this.#options.version()) await this.#build()
    const key = JSON.stringify([user, searchPath, served.key])
    if (key === this.#applied) return
    this.#applied = ''
    const named = user !== 'postgres' && !/^(pg_|public$|none$)/i.test(user)
    await this.#run([
      'ROLLBACK',
      'BEGIN',
      ...(named ? [`CREATE ROLE ${name(user)}`] : []),
      ...hidingSql(this.#built!.served, served),
      `SET LOCAL search_path TO ${searchPath}`,
      `SET LOCAL ROLE ${named ? name(user) : 'none'}`,
    ])
    this.#applied = key
  }

  /** Makes the served relations, in place of those that were there. */
  async #build(): Promise<void> {
    const version = this.#options.version()
    const { served, tables } = await this.#options.describe()
    const old = this.#built?.schemas ?? []
    this.#applied = ''
    await this.#run([
      'ROLLBACK',
      ...old.map((schema) => `DROP SCHEMA IF EXISTS ${name(schema)} CASCADE`),
      ...(old.includes('public') ? ['CREATE SCHEMA public', 'GRANT USAGE ON SCHEMA public TO PUBLIC'] : []),
      definitionSql(served.database, tables),
    ])
    this.#built = { version, served, schemas: [...new Set(tables.map(({ table }) => table.schema))] }
  }

  async #run(statements: readonly string[]): Promise<void> {
    for (const reply of await this.#send(statements.map(queryMessage))) {
      try {
        readReply(reply)
      } catch (error) {
        if (error instanceof WireError && error.sqlState === SQLSTATE.noActiveTransaction) continue
        this.#options.log(`catalogue: ${error instanceof Error ? error.message : String(error)}`)
        throw error
      }
    }
  }

  #send(messages: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    const worker = this.#worker
    if (worker === null) return Promise.reject(canceled())
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      worker.postMessage({ id, messages })
    })
  }

  #start(): void {
    const require = createRequire(import.meta.url)
    const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'plumbline')
    const modulePath = require.resolve('@electric-sql/pglite')
    const { version } = JSON.parse(readFileSync(join(dirname(modulePath), '..', 'package.json'), 'utf8')) as {
      version: string
    }
    const worker = new Worker(`(${catalogueWorker.toString()})(require)`, {
      eval: true,
      workerData: {
        modulePath,
        cachePath: join(cache, `catalogue-${version}.tar.gz`),
      },
    })
    worker.unref()
    worker.on('message', ({ id, replies, failure }: WorkerReply) => {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (replies !== undefined) waiting?.resolve(replies)
      else waiting?.reject(new Error(failure))
    })
    worker.on('error', (error) => {
      this.#options.log(`catalogue: ${error.message}`)
      void this.#stop()
    })
    this.#worker = worker
  }

  /** Ends the thread; the next question starts another. */
  async #stop(): Promise<void> {
    const worker = this.#worker
    this.#worker = null
    this.#built = null
    this.#applied = ''
    for (const { reject } of this.#waiting.values()) reject(canceled())
    this.#waiting.clear()
    await worker?.terminate()
  }
}

function canceled(): WireError {
  return new WireError(SQLSTATE.queryCanceled, 'canceling statement due to user request or timeout')
}
