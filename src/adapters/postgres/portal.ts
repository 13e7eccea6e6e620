import type { Submittable, Connection as WireConnection } from 'pg'
import type { ResultColumn } from '../adapter.js'
import type { VectorBatch } from '../vectors.js'
import { typeRules } from './types.js'
import { type VectorBuilder, vectorBuilder } from './vectors.js'

const BATCH_ROWS = 4096

interface FieldMessage {
  readonly name: string
  readonly dataTypeID: number
}

/** The messages of the extended protocol that the driver's connection can send; its types leave most of them out. */
interface ExtendedConnection {
  parse(query: { name: string; text: string; types: readonly number[] }): void
  bind(config: { portal: string; statement: string; values: readonly unknown[] }): void
  describe(message: { type: 'P'; name: string }): void
  execute(config: { portal: string; rows: number }): void
  flush(): void
  sync(): void
  once(event: 'noData', listener: () => void): void
  off(event: 'noData', listener: () => void): void
}

interface Waiting {
  readonly resolve: (batch: VectorBatch | null) => void
  readonly reject: (error: unknown) => void
}

/**
 * One query as a portal of the server: so many rows are sent as are asked for, and no more. The driver calls the
 * `handle...` methods.
 */
export class Portal implements Submittable {
  /** The columns, as soon as the server has understood the query. */
  readonly described: Promise<readonly ResultColumn[]>
  /** The session is free again. */
  readonly finished: Promise<void>
  readonly #text: string
  readonly #values: readonly unknown[]
  #connection: ExtendedConnection | undefined
  #builders: VectorBuilder[] = []
  #rows = 0
  #done = false
  #synced = false
  #error: unknown
  #waiting: Waiting | undefined
  #resolveDescribed: (columns: readonly ResultColumn[]) => void = () => {}
  #rejectDescribed: (error: unknown) => void = () => {}
  #resolveFinished: () => void = () => {}
  readonly #onNoData = (): void => this.#resolveDescribed([])

  constructor(text: string, values: readonly unknown[]) {
    this.#text = text
    this.#values = values
    this.described = new Promise((resolve, reject) => {
      this.#resolveDescribed = resolve
      this.#rejectDescribed = reject
    })
    this.finished = new Promise((resolve) => {
      this.#resolveFinished = resolve
    })
  }

  submit(connection: WireConnection): void {
    const extended = connection as unknown as ExtendedConnection
    this.#connection = extended
    // The driver tells only its connection's listeners that a statement has no columns.
    extended.once('noData', this.#onNoData)
    extended.parse({ name: '', text: this.#text, types: [] })
    extended.bind({ portal: '', statement: '', values: this.#values })
    extended.describe({ type: 'P', name: '' })
    extended.flush()
  }

  /** The next rows, or null behind the last. One call at a time. */
  next(): Promise<VectorBatch | null> {
    if (this.#error !== undefined) return Promise.reject(this.#error)
    if (this.#done) return Promise.resolve(null)
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#connection?.execute({ portal: '', rows: BATCH_ROWS })
      this.#connection?.flush()
    })
  }

  /** Wants no more rows. */
  async end(): Promise<void> {
    this.#done = true
    this.#sync()
    await this.finished
  }

  handleParseComplete(): void {}
  handleBindComplete(): void {}
  handleCloseComplete(): void {}

  handleRowDescription({ fields }: { readonly fields: readonly FieldMessage[] }): void {
    this.#builders = fields.map((field) => vectorBuilder(field.dataTypeID))
    const types = fields.map((field) => typeRules(field.dataTypeID))
    this.#resolveDescribed(types.map(({ name, family }, at) => ({ name: fields[at]!.name, type: name, family })))
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    this.#rows++
    for (let at = 0; at < this.#builders.length; at++) this.#builders[at]!.push(fields[at] ?? null)
  }

  handlePortalSuspended(): void {
    this.#give()
  }

  handleCommandComplete(): void {
    this.#done = true
    this.#sync()
    this.#give()
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete()
  }

  handleError(error: unknown): void {
    this.#error = error
    this.#done = true
    this.#rejectDescribed(error)
    this.#waiting?.reject(error)
    this.#waiting = undefined
    this.#sync()
    // The driver forgets a query that failed; it keeps the next one back until the server is ready.
    this.#resolveFinished()
  }

  handleReadyForQuery(): void {
    this.#resolveFinished()
  }

  #give(): void {
    const { resolve } = this.#waiting ?? {}
    this.#waiting = undefined
    const rowCount = this.#rows
    this.#rows = 0
    const columns = this.#builders.map((builder) => builder.take())
    resolve?.(rowCount === 0 && this.#done ? null : { rowCount, columns })
  }

  #sync(): void {
    if (this.#synced) return
    this.#synced = true
    this.#connection?.off('noData', this.#onNoData)
    this.#connection?.sync()
  }
}
