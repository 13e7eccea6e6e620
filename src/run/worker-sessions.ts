import { cleanedUp, type LoggedSession, newSession } from '../context/index.js'
import type { EventSink } from '../core/event.js'

/** The run's own session, beside those of its workers, which count from 1. */
export const MASTER = 0

/** A session for each worker, as dbt's log tells of them: each node on it takes it over from the one before. */
export class WorkerSessions {
  readonly #sessions = new Map<number, LoggedSession>()

  of(worker: number): LoggedSession {
    let session = this.#sessions.get(worker)
    if (session === undefined) this.#sessions.set(worker, (session = newSession()))
    return session
  }

  /** Says how each of them was left. */
  tellEnd(emit: EventSink): void {
    for (const session of this.#sessions.values()) {
      const event = cleanedUp(session)
      if (event !== null) emit(event)
    }
  }
}
