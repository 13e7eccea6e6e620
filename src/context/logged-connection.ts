import type { Connection, ExecuteOptions, QueryResult } from '../adapters/adapter.js'
import { PlumbError } from '../core/diagnostic.js'
import { type EventSink, LazyEvent, type PlumbEvent } from '../core/event.js'

/** How much of a long statement logs show when the caller asks for less. */
const ABRIDGED_LENGTH = 512

/** The session of one worker as dbt's log tells of it: opened, used under one name after another, closed. */
export interface LoggedSession {
  name: string | undefined
  state: 'init' | 'open' | 'closed'
}

export interface ConnectionLog {
  readonly session: LoggedSession
  /** The warehouse's type, and how it is called in messages. */
  readonly type: string
  readonly label: string
  readonly emit: EventSink
}

/** A session before it is used. */
export const newSession = (): LoggedSession => ({ name: undefined, state: 'init' })

/** A connection that tells dbt's events of all that is done with it: statements, transactions, its end. */
export class LoggedConnection implements Connection {
  readonly name: string
  readonly stream?: NonNullable<Connection['stream']>
  readonly loadRows?: NonNullable<Connection['loadRows']>
  readonly #inner: Connection
  readonly #log: ConnectionLog

  constructor(inner: Connection, log: ConnectionLog) {
    this.name = inner.name
    this.#inner = inner
    this.#log = log
    if (inner.stream !== undefined) this.stream = inner.stream.bind(inner)
    if (inner.loadRows !== undefined) this.loadRows = inner.loadRows.bind(inner)
  }

  get inTransaction(): boolean {
    return this.#inner.inTransaction
  }

  /** @param emit where it is told, when a hook uses the connection of the whole run. */
  async execute(sql: string, options: ExecuteOptions = {}, emit: EventSink = this.#log.emit): Promise<QueryResult> {
    const inner = this.#inner
    if (inner.showsBegin?.(sql, options) === true) {
      this.#asking('BEGIN', emit)
      emit(queryStatus('OK', 0))
    }
    const mayRollBack = inner.inTransaction || options.autoBegin === true
    this.#asking(options.abridge === true ? `${sql.slice(0, ABRIDGED_LENGTH)}...` : sql, emit)
    const started = performance.now()
    try {
      const result = await inner.execute(sql, options)
      emit(queryStatus(result.response._message, (performance.now() - started) / 1000))
      return result
    } catch (error) {
      this.#failed(error, mayRollBack, emit)
      throw error
    }
  }

  begin(): Promise<void> {
    return this.#inner.begin()
  }

  async commit(): Promise<void> {
    const { emit } = this.#log
    const { name } = this
    emit(event('SQLCommit', 'E018', () => `On ${name}: COMMIT`, { conn_name: name }))
    this.#asking('COMMIT', emit)
    const started = performance.now()
    await this.#inner.commit()
    emit(queryStatus('COMMIT', (performance.now() - started) / 1000))
  }

  rollback(): Promise<void> {
    if (this.inTransaction) this.#log.emit(this.#rollback())
    return this.#inner.rollback()
  }

  cancel(): Promise<void> {
    return this.#inner.cancel()
  }

  /** Gives the session back: a transaction that is open ends without its changes. */
  async release(): Promise<void> {
    const { session, emit } = this.#log
    const { name } = this
    if (this.inTransaction) emit(this.#rollback())
    if (session.state === 'open') {
      emit(event('ConnectionClosed', 'E010', () => `On ${name}: Close`, { conn_name: name }))
      session.state = 'closed'
    }
    await this.#inner.release()
  }

  /** What is told before each statement; the session counts as opened with its first one. */
  #asking(sql: string, emit: EventSink): void {
    const { session, type } = this.#log
    const { name } = this
    emit(
      event('ConnectionUsed', 'E015', () => `Using ${type} connection "${name}"`, { conn_type: type, conn_name: name }),
    )
    emit(event('SQLQuery', 'E016', () => `On ${name}: ${sql}`, { conn_name: name, sql }))
    if (session.state === 'open') return
    const state = session.state
    session.state = 'open'
    const text = (): string => `Opening a new connection, currently in state ${state}`
    emit(event('NewConnectionOpening', 'E037', text, { connection_state: state }))
  }

  #failed(error: unknown, rolledBack: boolean, emit: EventSink): void {
    const { label } = this.#log
    const words = error instanceof PlumbError ? error.message : String(error)
    const base_msg = `${label} error: ${words}`
    const data = { name: label, base_msg, args: [] }
    emit(event('AdapterEventDebug', 'E001', () => `${label} adapter: ${base_msg}`, data))
    if (rolledBack && !this.inTransaction) emit(this.#rollback())
  }

  #rollback(): PlumbEvent {
    const { name } = this
    return event('Rollback', 'E012', () => `On ${name}: ROLLBACK`, { conn_name: name })
  }
}

/** Told when a session gets a name: the first it has, or another than before. */
export function acquired({ session, type }: ConnectionLog, name: string): PlumbEvent | null {
  const former = session.name
  session.name = name
  if (former === name) return null
  if (former === undefined) {
    const text = (): string => `Acquiring new ${type} connection '${name}'`
    return event('NewConnection', 'E005', text, { conn_type: type, conn_name: name })
  }
  const text = (): string => `Re-using an available connection from the pool (formerly ${former}, now ${name})`
  return event('ConnectionReused', 'E006', text, { conn_name: name, orig_conn_name: former })
}

/** Told of each session when a run is over. */
export function cleanedUp({ name, state }: LoggedSession): PlumbEvent | null {
  if (name === undefined) return null
  return state === 'open'
    ? event('ConnectionLeftOpenInCleanup', 'E007', () => `Connection '${name}' was left open.`, { conn_name: name })
    : event('ConnectionClosedInCleanup', 'E008', () => `Connection '${name}' was properly closed.`, { conn_name: name })
}

function queryStatus(status: string, elapsed: number): PlumbEvent {
  const text = (): string => `SQL status: ${status} in ${elapsed.toFixed(3)} seconds`
  return event('SQLQueryStatus', 'E017', text, { status, elapsed, query_id: '' })
}

function event(name: string, code: string, text: () => string, data: PlumbEvent['data']): PlumbEvent {
  return new LazyEvent(name, code, 'debug', () => data, text)
}
