import { randomUUID } from 'node:crypto'
import type { EventSink } from './event.js'

/**
 * One call of the tool. Everything that would be a global elsewhere hangs here: identity, clock, environment,
 * where events go, and whether the user asked to stop.
 */
export interface Invocation {
  readonly id: string
  readonly startedAt: Date
  readonly version: string
  /** Environment variables, `.env` merged in. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Directory the command was typed in. */
  readonly cwd: string
  now(): Date
  readonly emit: EventSink
  /** Aborted on SIGINT/SIGTERM. */
  readonly signal: AbortSignal
}

/** An invocation for library use and tests; the command line fills in its own sink and signal. */
export function createInvocation(options: Partial<Invocation> = {}): Invocation {
  return {
    id: options.id ?? randomUUID(),
    startedAt: options.startedAt ?? new Date(),
    version: options.version ?? PLUMB_VERSION,
    env: options.env ?? process.env,
    cwd: options.cwd ?? process.cwd(),
    now: options.now ?? (() => new Date()),
    emit: options.emit ?? (() => {}),
    signal: options.signal ?? new AbortController().signal,
  }
}

declare const __PLUMB_VERSION__: string | undefined
/** This package's version, set by the bundle; `0.0.0-dev` when run from source. */
export const PLUMB_VERSION: string = typeof __PLUMB_VERSION__ === 'string' ? __PLUMB_VERSION__ : '0.0.0-dev'

/** The dbt version whose behaviour and artifacts we speak; what `dbt_version` answers in templates and artifacts. */
export const DBT_VERSION = '1.11.16'
