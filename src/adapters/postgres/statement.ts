import type { Submittable, Connection as WireConnection } from 'pg'
import type { AdapterResponse, Cell, QueryResult, ResultColumn } from '../adapter.js'
import { typeRules } from './types.js'

interface FieldMessage {
  readonly name: string
  readonly dataTypeID: number
}

/**
 * Statements sent as one text over the simple protocol, and what comes back: the last one's rows by column, read as
 * they arrive, and its whole command tag. The driver calls the `handle...` methods.
 */
export class Statement implements Submittable {
  readonly done: Promise<QueryResult>
  readonly #text: string
  readonly #fetch: boolean
  readonly #limit: number
  #resolve: (result: QueryResult) => void = () => {}
  #reject: (error: unknown) => void = () => {}
  #columns: ResultColumn[] = []
  #readers: ((text: string) => Cell)[] = []
  #data: Cell[][] = []
  #rows = 0
  #tag = ''

  constructor(text: string, options: { readonly fetch: boolean; readonly limit: number | undefined }) {
    this.#text = text
    this.#fetch = options.fetch
    this.#limit = options.limit ?? Number.POSITIVE_INFINITY
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  submit(connection: WireConnection): void {
    connection.query(this.#text)
  }

  handleRowDescription({ fields }: { readonly fields: readonly FieldMessage[] }): void {
    this.#reset()
    if (!this.#fetch) return
    const types = fields.map((field) => typeRules(field.dataTypeID))
    this.#columns = types.map(({ name, family }, at) => ({ name: fields[at]!.name, type: name, family }))
    this.#readers = types.map((type) => type.read)
    this.#data = types.map(() => [])
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    if (!this.#fetch || this.#rows >= this.#limit) return
    this.#rows++
    for (let column = 0; column < this.#readers.length; column++) {
      const text = fields[column] ?? null
      this.#data[column]!.push(text === null ? null : this.#readers[column]!(text))
    }
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    // A statement without rows after one with rows: its tag counts, and it has none.
    if (this.#tag !== '' && this.#columns.length > 0 && !/^SELECT|RETURNING/.test(text)) this.#reset()
    this.#tag = text
  }

  handleEmptyQuery(): void {
    this.#reset()
  }

  handlePortalSuspended(): void {}

  handleError(error: unknown): void {
    this.#reject(error)
  }

  handleReadyForQuery(): void {
    const { columns, data, rows } = { columns: this.#columns, data: this.#data, rows: this.#rows }
    this.#resolve({ response: responseOf(this.#tag), columns, data, rowCount: rows })
  }

  #reset(): void {
    this.#columns = []
    this.#readers = []
    this.#data = []
    this.#rows = 0
  }
}

/** `INSERT 0 3` -> code INSERT, 3 rows; a tag without a number has -1 rows, as psycopg2 counts. */
export function responseOf(tag: string): AdapterResponse {
  const words = tag.split(' ').filter((word) => word !== '')
  const code = words.filter((word) => !/^\d+$/.test(word)).join(' ')
  const count = /^\d+$/.test(words.at(-1) ?? '') ? Number(words.at(-1)) : -1
  return { _message: tag, code, rows_affected: count }
}
