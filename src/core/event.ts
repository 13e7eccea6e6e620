export type EventLevel = 'debug' | 'info' | 'warn' | 'error' | 'test'

/**
 * Something that happened, on its way to the terminal and the logs. Name and code are dbt's (`LogStartLine`, `Q011`),
 * since tools read them; `data` holds the fields of dbt's event of that name, snake_case.
 */
export interface PlumbEvent {
  readonly name: string
  readonly code: string
  readonly level: EventLevel
  /** The line a person reads. */
  readonly msg: string
  readonly data: Readonly<Record<string, unknown>>
  /** Name of the thread (`MainThread`, `Thread-1`); MainThread when absent. */
  readonly thread?: string | undefined
}

/** The event with what all events of its node carry, and its worker; text and data are made when a sink looks at them. */
export function eventWithin(
  event: PlumbEvent,
  shared: Readonly<Record<string, unknown>> | undefined,
  thread: string | undefined,
): PlumbEvent {
  const { name, code, level } = event
  return {
    name,
    code,
    level,
    get msg() {
      return event.msg
    },
    get data() {
      return shared === undefined ? event.data : { ...shared, ...event.data }
    },
    thread,
  }
}

/** Where events go. Sinks never throw and never wait. */
export type EventSink = (event: PlumbEvent) => void
