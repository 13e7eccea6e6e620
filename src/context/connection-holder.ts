import type { Adapter, Connection } from '../adapters/adapter.js'
import type { EventSink } from '../core/event.js'
import { acquired, type ConnectionLog, LoggedConnection, type LoggedSession, newSession } from './logged-connection.js'
import type { ScopeSubject } from './subject.js'

/** The warehouse session of one node, taken from the pool when a template first needs it. */
export class ConnectionHolder {
  /** The query comment of its statements, made with the first one. */
  comment: Promise<string> | undefined
  readonly #log: ConnectionLog | null
  #connection: Promise<Connection> | undefined
  #open: Connection | null = null

  /**
   * @param name what logs and query comments call it: usually the node's id.
   * @param subject the node it is for, if it is for one.
   * @param emit where it is told what is done with the session; without it nothing is.
   * @param session the worker's, as the log tells of it.
   */
  constructor(
    private readonly adapter: Pick<Adapter, 'connect' | 'plugin'>,
    readonly name: string,
    readonly subject: ScopeSubject | null = null,
    emit: EventSink | null = null,
    session: LoggedSession = newSession(),
  ) {
    const { type, pythonName } = adapter.plugin
    this.#log = emit === null ? null : { emit, session, type, label: pythonName ?? type }
  }

  /** The connection if one was opened. */
  get current(): Connection | null {
    return this.#open
  }

  /** Tells whose the worker's session is from here on: before it is opened, as dbt does. */
  announce(): void {
    const event = this.#log === null ? null : acquired(this.#log, this.name)
    if (event !== null) this.#log?.emit(event)
  }

  /** The connection, opened on first use. */
  open(): Promise<Connection> {
    this.#connection ??= this.#connect()
    return this.#connection
  }

  async #connect(): Promise<Connection> {
    this.announce()
    const connection = await this.adapter.connect(this.name)
    const told = this.#log === null ? connection : new LoggedConnection(connection, this.#log)
    this.#open = told
    return told
  }

  /** Gives the connection back; the next use takes a new one. */
  async release(): Promise<void> {
    const pending = this.#connection
    this.#connection = undefined
    this.#open = null
    if (pending !== undefined) await (await pending).release()
  }
}
