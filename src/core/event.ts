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
  return new EventWithin(event, shared, thread)
}

/** A class, for its accessors: to put some on every object anew costs more than all else about an event. */
class EventWithin implements PlumbEvent {
  readonly name: string
  readonly code: string
  readonly level: EventLevel

  constructor(
    private readonly event: PlumbEvent,
    private readonly shared: Readonly<Record<string, unknown>> | undefined,
    readonly thread: string | undefined,
  ) {
    this.name = event.name
    this.code = event.code
    this.level = event.level
  }

  get msg(): string {
    return this.event.msg
  }

  get data(): Readonly<Record<string, unknown>> {
    return this.shared === undefined ? this.event.data : { ...this.shared, ...this.event.data }
  }
}

/** An event whose text and data are made only when a sink asks for them: most are never looked at. */
export class LazyEvent implements PlumbEvent {
  #text: string | undefined

  /** The text is made once for all sinks, the data for each. */
  constructor(
    readonly name: string,
    readonly code: string,
    readonly level: EventLevel,
    private readonly makeData: () => Readonly<Record<string, unknown>>,
    private readonly makeText: () => string,
    readonly thread?: string,
  ) {}

  get msg(): string {
    this.#text ??= this.makeText()
    return this.#text
  }

  get data(): Readonly<Record<string, unknown>> {
    return this.makeData()
  }
}

/** Where events go. Sinks never throw and never wait. */
export type EventSink = (event: PlumbEvent) => void
