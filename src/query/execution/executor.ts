import type { Adapter, ResultColumn } from '../../adapters/adapter.js'
import type { VectorBatch } from '../../adapters/vectors.js'
import { fail } from '../../core/diagnostic.js'
import type { Limits } from '../types.js'
import { Deadline, reasonOf } from './deadline.js'
import { type CacheOptions, ResultCache, type StoredResult } from './result-cache.js'
import { type RunningQuery, runQuery } from './run-query.js'
import { type Collected, collect, SharedRun } from './shared-run.js'
import { type SlotOptions, Slots } from './slots.js'
import { Turnstile } from './turnstile.js'

export interface ExecutorOptions extends SlotOptions {
  readonly cache: CacheOptions
  /** Bytes up to which a result is kept, and shared among those who wait for it. */
  readonly maxStored: number
  /** Milliseconds an answer may lie unread before what it holds is taken back. */
  readonly idle: number
}

export interface ExecutorRequest {
  readonly sql: string
  readonly bindings: readonly unknown[] | undefined
  /** Equal for requests that have the same answer; null: neither looked up, shared nor kept. */
  readonly key: string | null
  readonly user: string
  readonly limits: Limits
  readonly signal: AbortSignal | undefined
}

export interface Executed {
  readonly columns: readonly ResultColumn[]
  readonly cached: boolean
  /** Reads the rows; once. */
  read(): AsyncGenerator<VectorBatch>
  close(): Promise<void>
}

/** Runs statements: from the cache, together with those who ask the same, and never more at once than is good. */
export class Executor {
  readonly #options: ExecutorOptions
  readonly #slots: Slots
  readonly #turnstile = new Turnstile()
  readonly #inFlight = new Map<string, SharedRun>()
  /** Of answers that still keep the warehouse busy, or may do so again. */
  readonly #open = new Set<Deadline>()
  readonly cache: ResultCache

  constructor(options: ExecutorOptions) {
    this.#options = options
    this.#slots = new Slots(options)
    this.cache = new ResultCache(options.cache)
  }

  get load(): { readonly running: number; readonly waiting: number } {
    return { running: this.#slots.running, waiting: this.#slots.waiting }
  }

  /** Forgets every result. What runs now is not kept either: it may have read the old tables. */
  forget(): void {
    this.cache.clear()
    this.#inFlight.clear()
  }

  /** Stops everything that runs. */
  stop(reason: unknown): void {
    for (const deadline of this.#open) deadline.abort(reason)
  }

  /** @throws PlumbError of the warehouse, or `query-timeout`, `query-cancelled`, `row-limit`, `too-busy`. */
  async run(adapter: Pick<Adapter, 'connect'>, request: ExecutorRequest): Promise<Executed> {
    const { key, limits, user } = request
    const stored = key === null ? undefined : this.cache.get(key, Date.now())
    if (stored !== undefined) return whole(stored, limits, true)
    const deadline = new Deadline(limits.timeout, request.signal)
    this.#open.add(deadline)
    let leave: (() => void) | undefined
    try {
      leave = await this.#turnstile.enter(user, limits.concurrency, deadline.signal)
      const { collected, stop } = await this.#collected(adapter, request, deadline)
      if (collected.rest === null) {
        leave()
        this.#open.delete(deadline)
        return whole(collected.result, limits, false)
      }
      return this.#partly(collected.result, collected.rest, {
        ...request,
        deadline,
        stop,
        leave: () => {
          this.#open.delete(deadline)
          leave?.()
        },
      })
    } catch (error) {
      leave?.()
      this.#open.delete(deadline)
      throw reasonOf(error, deadline.signal)
    }
  }

  async #collected(
    adapter: Pick<Adapter, 'connect'>,
    request: ExecutorRequest,
    deadline: Deadline,
  ): Promise<{ readonly collected: Collected; readonly stop: (reason: unknown) => void }> {
    const { key } = request
    const known = key === null ? undefined : this.#inFlight.get(key)
    if (known !== undefined && !known.abandoned) {
      const collected = await deadline.during(() => known.join(deadline.signal))
      if (collected.rest === null) return { collected, stop: () => {} }
    }
    const run: SharedRun = new SharedRun((signal) =>
      this.#start(adapter, request, signal, () => this.#isCurrent(key, run)),
    )
    if (key !== null) this.#inFlight.set(key, run)
    try {
      return { collected: await deadline.during(() => run.join(deadline.signal)), stop: (reason) => run.stop(reason) }
    } finally {
      if (this.#isCurrent(key, run)) this.#inFlight.delete(key!)
    }
  }

  #isCurrent(key: string | null, run: SharedRun): boolean {
    return key !== null && this.#inFlight.get(key) === run
  }

  async #start(
    adapter: Pick<Adapter, 'connect'>,
    { sql, bindings, key, user }: ExecutorRequest,
    signal: AbortSignal,
    isCurrent: () => boolean,
  ): Promise<Collected> {
    const free = await this.#slots.take(user, signal)
    try {
      const running = await runQuery(adapter, sql, { bindings, signal })
      const collected = await collect(running, key === null ? 0 : this.#options.maxStored)
      if (key !== null && collected.rest === null && isCurrent()) this.cache.set(key, collected.result, Date.now())
      return collected
    } finally {
      free()
    }
  }

  /** A result too large to keep: its beginning, then the rest as it is asked for. */
  #partly(
    beginning: StoredResult,
    rest: RunningQuery,
    request: ExecutorRequest & {
      readonly deadline: Deadline
      readonly stop: (reason: unknown) => void
      readonly leave: () => void
    },
  ): Executed {
    const { deadline, limits, user, stop, leave } = request
    const { signal } = deadline
    const slots = this.#slots
    const { idle } = this.#options
    let idling: ReturnType<typeof setTimeout> | undefined
    let tooSlow = false
    let ended = false
    const onAbort = (): void => stop(signal.reason)
    const close = async (): Promise<void> => {
      if (ended) return
      ended = true
      clearTimeout(idling)
      signal.removeEventListener('abort', onAbort)
      leave()
      await rest.close()
    }
    const wait = (): void => {
      clearTimeout(idling)
      idling = setTimeout(() => {
        tooSlow = true
        void close()
      }, idle)
      idling.unref()
    }
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
    wait()
    const next = async (): Promise<VectorBatch | null> => {
      clearTimeout(idling)
      if (tooSlow) fail('runtime', 'reader-too-slow', `The answer was not read for ${idle / 1000} seconds and given up`)
      const free = await slots.take(user, signal)
      try {
        return await deadline.during(() => rest.next())
      } catch (error) {
        throw reasonOf(error, signal)
      } finally {
        free()
      }
    }
    return {
      columns: beginning.columns,
      cached: false,
      close,
      async *read() {
        let rows = 0
        try {
          for (const batch of beginning.batches) {
            rows = countRows(rows, batch, limits)
            wait()
            yield batch
          }
          for (let batch = await next(); batch !== null; batch = await next()) {
            rows = countRows(rows, batch, limits)
            wait()
            yield batch
          }
        } finally {
          await close()
        }
      },
    }
  }
}

function countRows(before: number, batch: VectorBatch, { maxRows }: Limits): number {
  const rows = before + batch.rowCount
  if (rows > maxRows) tooManyRows(maxRows)
  return rows
}

function tooManyRows(limit: number): never {
  fail('runtime', 'row-limit', `The answer has more than ${limit} rows`, {
    hint: 'ask for less: a limit, a filter, fewer groups',
  })
}

function whole(result: StoredResult, limits: Limits, cached: boolean): Executed {
  if (result.rowCount > limits.maxRows) tooManyRows(limits.maxRows)
  return {
    columns: result.columns,
    cached,
    async *read() {
      yield* result.batches
    },
    async close() {},
  }
}
