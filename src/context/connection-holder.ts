import type { Adapter, Connection } from '../adapters/adapter.js'
import type { ScopeSubject } from './subject.js'

/** The warehouse session of one node, taken from the pool when a template first needs it. */
export class ConnectionHolder {
  /** The query comment of its statements, made with the first one. */
  comment: Promise<string> | undefined
  #connection: Promise<Connection> | undefined
  #open: Connection | null = null

  /**
   * @param name what logs and query comments call it: usually the node's id.
   * @param subject the node it is for, if it is for one.
   */
  constructor(
    private readonly adapter: Adapter,
    readonly name: string,
    readonly subject: ScopeSubject | null = null,
  ) {}

  /** The connection if one was opened. */
  get current(): Connection | null {
    return this.#open
  }

  /** The connection, opened on first use. */
  open(): Promise<Connection> {
    this.#connection ??= this.adapter.connect(this.name).then((connection) => (this.#open = connection))
    return this.#connection
  }

  /** Gives the connection back; the next use takes a new one. */
  async release(): Promise<void> {
    const pending = this.#connection
    this.#connection = undefined
    this.#open = null
    if (pending !== undefined) await (await pending).release()
  }
}
