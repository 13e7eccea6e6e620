import type { VectorBatch } from '../../adapters/vectors.js'
import { batchBytes } from './batch-size.js'
import type { StoredResult } from './result-cache.js'
import type { RunningQuery } from './run-query.js'

/** What came of running a query: the whole result; or its beginning, and the rest for the one who started it. */
export interface Collected {
  readonly result: StoredResult
  readonly rest: RunningQuery | null
}

/**
 * One run of a query that several may wait for. It goes on while anybody waits, and stops when the last one leaves.
 * Results that are too large to keep are for the first alone.
 */
export class SharedRun {
  readonly #controller = new AbortController()
  readonly #collected: Promise<Collected>
  #waiting = 0
  #ended = false

  constructor(start: (signal: AbortSignal) => Promise<Collected>) {
    this.#collected = start(this.#controller.signal).finally(() => {
      this.#ended = true
    })
    // Whoever waits is told; when nobody does, nobody needs to be.
    this.#collected.catch(() => {})
  }

  /** Waits for the result. @throws the signal's reason when it is aborted meanwhile. */
  async join(signal: AbortSignal): Promise<Collected> {
    this.#waiting++
    let leave: () => void = () => {}
    try {
      const left = new Promise<never>((_, reject) => {
        leave = () => reject(signal.reason)
        signal.addEventListener('abort', leave, { once: true })
        if (signal.aborted) leave()
      })
      return await Promise.race([this.#collected, left])
    } finally {
      signal.removeEventListener('abort', leave)
      this.#waiting--
      if (this.#waiting === 0 && !this.#ended) this.#controller.abort(signal.reason)
    }
  }

  /** Ends the run for whoever still reads from it. */
  stop(reason: unknown): void {
    this.#controller.abort(reason)
  }

  /** Stopped because nobody waits any more. */
  get abandoned(): boolean {
    return this.#controller.signal.aborted
  }
}

/** Reads a query until its end, or until it has more than `maxBytes`. */
export async function collect(running: RunningQuery, maxBytes: number): Promise<Collected> {
  const batches: VectorBatch[] = []
  let bytes = 0
  let rowCount = 0
  for (;;) {
    const batch = await running.next()
    if (batch === null) break
    batches.push(batch)
    bytes += batchBytes(batch)
    rowCount += batch.rowCount
    if (bytes > maxBytes) return { result: { columns: running.columns, batches, rowCount, bytes }, rest: running }
  }
  return { result: { columns: running.columns, batches, rowCount, bytes }, rest: null }
}
