import type { ResultColumn } from '../../adapters/adapter.js'
import type { VectorBatch } from '../../adapters/vectors.js'

/** A whole result, kept. Never changed: many read it. */
export interface StoredResult {
  readonly columns: readonly ResultColumn[]
  readonly batches: readonly VectorBatch[]
  readonly rowCount: number
  readonly bytes: number
}

export interface CacheOptions {
  /** Bytes of all results together. */
  readonly maxBytes: number
  /** Milliseconds that a result is good for: tables can change without a build of ours. */
  readonly maxAge: number
}

/** Results by what was sent for them, policies included. The one that was read least recently goes first. */
export class ResultCache {
  readonly #options: CacheOptions
  readonly #entries = new Map<string, { readonly result: StoredResult; readonly until: number }>()
  #bytes = 0

  constructor(options: CacheOptions) {
    this.#options = options
  }

  get bytes(): number {
    return this.#bytes
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string, now: number): StoredResult | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    if (entry.until <= now) {
      this.#bytes -= entry.result.bytes
      return undefined
    }
    // Behind all others: it was read last.
    this.#entries.set(key, entry)
    return entry.result
  }

  set(key: string, result: StoredResult, now: number): void {
    if (result.bytes > this.#options.maxBytes) return
    this.delete(key)
    this.#entries.set(key, { result, until: now + this.#options.maxAge })
    this.#bytes += result.bytes
    for (const [oldest] of this.#entries) {
      if (this.#bytes <= this.#options.maxBytes) break
      this.delete(oldest)
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#bytes -= entry.result.bytes
  }

  clear(): void {
    this.#entries.clear()
    this.#bytes = 0
  }
}
