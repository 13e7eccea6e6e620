import type { Adapter, Connection } from '../adapters/adapter.js'
import type { EventSink } from '../core/event.js'
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
   * @param emit where it is told that the session was opened, or taken from the pool.
   */
  constructor(
    private readonly adapter: Pick<Adapter, 'connect' | 'plugin'>,
    readonly name: string,
    readonly subject: ScopeSubject | null = null,
    private readonly emit: EventSink = () => {},
  ) {}

  /** The connection if one was opened. */
  get current(): Connection | null {
    return this.#open
  }

  /** The connection, opened on first use. */
  open(): Promise<Connection> {
    this.#connection ??= this.adapter.connect(this.name).then((connection) => {
      this.#tell(connection)
      return (this.#open = connection)
    })
    return this.#connection
  }

  #tell({ formerName }: Connection): void {
    const { name, adapter } = this
    const { type } = adapter.plugin
    if (formerName === undefined) {
      const msg = `Acquiring new ${type} connection '${name}'`
      this.emit({
        name: 'NewConnection',
        code: 'E005',
        level: 'debug',
        msg,
        data: { conn_type: type, conn_name: name },
      })
      return
    }
    const msg = `Re-using an available connection from the pool (formerly ${formerName}, now ${name})`
    const data = { conn_name: name, orig_conn_name: formerName }
    this.emit({ name: 'ConnectionReused', code: 'E006', level: 'debug', msg, data })
  }

  /** Gives the connection back; the next use takes a new one. */
  async release(): Promise<void> {
    const pending = this.#connection
    this.#connection = undefined
    this.#open = null
    if (pending !== undefined) await (await pending).release()
  }
}
