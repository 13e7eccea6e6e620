import type { Field, Format } from '../protocol/backend.js'
import { type ByteWriter, FLUSH_AT } from '../protocol/byte-writer.js'
import { type RowBatch, type RowSource, type RowWriter, spreadFormats } from './row-source.js'

/** A statement with its values, able to give rows. */
export interface RowPlan {
  /** `SELECT 5`, `SHOW`: what is said when all rows are out. */
  tag(rows: number): string
  /** The columns, without running anything when that can be known. */
  describe(signal: AbortSignal): Promise<readonly Field[]>
  /** `formats` as the client asked for them: rows that come ready made are fetched in these. */
  open(signal: AbortSignal, formats: readonly number[]): Promise<RowSource>
}

export type StatementPlan =
  | { readonly kind: 'empty' }
  | ({ readonly kind: 'rows' } & RowPlan)
  /** Does something to the session and says what. */
  | { readonly kind: 'command'; run(): Promise<string> }
  | { readonly kind: 'copy'; readonly rows: RowPlan; readonly options: CopyOptions }

export interface CopyOptions {
  readonly format: 'text' | 'csv' | 'binary'
  readonly delimiter: string
  readonly nullText: string
  readonly header: boolean
  readonly quote: string
  readonly escape: string
  readonly forceQuote: ReadonlySet<string> | 'all'
}

/** Where a portal's rows go: the bytes so far, and a way to send them that waits while the client is slow. */
export interface Outlet {
  readonly out: ByteWriter
  flush(): Promise<void>
}

/** Rows of a batch, from one to before another. */
export interface Slice {
  readonly batch: RowBatch
  readonly from: number
  readonly to: number
}

/** A running query of one client, read in as many steps as it likes. */
export class Portal {
  readonly plan: StatementPlan
  /** It outlives its transaction. */
  readonly held: boolean
  readonly #asked: readonly number[]
  readonly #abort = new AbortController()
  #source: RowSource | null = null
  #iterator: AsyncIterator<RowBatch> | null = null
  #batch: RowBatch | null = null
  #row = 0
  #done = false

  constructor(plan: StatementPlan, resultFormats: readonly number[], held = false) {
    this.plan = plan
    this.held = held
    this.#asked = resultFormats
  }

  get done(): boolean {
    return this.#done
  }

  markDone(): void {
    this.#done = true
  }

  /** Stops what runs. */
  cancel(): void {
    this.#abort.abort()
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  formats(columns: number): readonly Format[] {
    return spreadFormats(this.#asked, columns)
  }

  /** Starts the query when it is not running yet. */
  async source(): Promise<RowSource> {
    if (this.#source !== null) return this.#source
    if (this.plan.kind !== 'rows' && this.plan.kind !== 'copy') throw new TypeError('a portal without rows')
    const rows = this.plan.kind === 'copy' ? this.plan.rows : this.plan
    this.#source = await rows.open(this.#abort.signal, this.#asked)
    return this.#source
  }

  /** The next rows, at most `limit` (0: all of them). Nothing is read ahead of what is asked for. */
  async *slices(limit: number): AsyncGenerator<Slice> {
    const source = await this.source()
    this.#iterator ??= source.batches()[Symbol.asyncIterator]()
    let given = 0
    while (!this.#done && (limit === 0 || given < limit)) {
      if (this.#batch === null || this.#row >= this.#batch.rowCount) {
        const next = await this.#iterator.next()
        this.#row = 0
        this.#batch = next.done === true ? null : next.value
        if (next.done === true) this.#done = true
        continue
      }
      const from = this.#row
      const to = limit === 0 ? this.#batch.rowCount : Math.min(this.#batch.rowCount, from + limit - given)
      this.#row = to
      given += to - from
      yield { batch: this.#batch, from, to }
    }
  }

  /**
   * Writes the next rows with `write`, which answers the first that it did not write when there is enough to be sent.
   * Answers how many there were; waits while the client reads slowly.
   */
  async pull(
    limit: number,
    formats: readonly Format[],
    outlet: Outlet,
    write: (rows: RowWriter, from: number, to: number) => number,
  ): Promise<number> {
    let given = 0
    for await (const { batch, from, to } of this.slices(limit)) {
      const rows = batch.writer(formats)
      let at = from
      while (at < to) {
        at = write(rows, at, to)
        if (outlet.out.length > FLUSH_AT) await outlet.flush()
      }
      given += to - from
    }
    return given
  }

  async close(): Promise<void> {
    this.#done = true
    this.#batch = null
    if (this.#iterator?.return !== undefined) await this.#iterator.return(undefined).catch(() => {})
    await this.#source?.close().catch(() => {})
    this.#source = null
  }
}
