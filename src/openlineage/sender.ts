import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { LineageEvent } from '../lineage/openlineage/index.js'
import type { Transport } from './settings.js'

/** Sends events beside the run: never waits, never throws. What cannot be delivered is dropped, and told once. */
export interface EventSender {
  send(event: LineageEvent): void
  /** Waits for what is under way, at most as long as a receiver has for one event. */
  close(): Promise<void>
}

export type Warn = (message: string) => void

export function createSender(transports: readonly Transport[], warn: Warn, print: (line: string) => void): EventSender {
  const senders = transports.map((transport): EventSender => {
    if (transport.kind === 'http') return new HttpSender(transport, warn)
    if (transport.kind === 'file') return fileSender(transport.path, warn)
    return { send: (event) => print(JSON.stringify(event)), close: async () => {} }
  })
  return {
    send: (event) => {
      for (const sender of senders) sender.send(event)
    },
    close: async () => {
      await Promise.all(senders.map((sender) => sender.close()))
    },
  }
}

/** One event a line. */
function fileSender(path: string, warn: Warn): EventSender {
  let broken = false
  return {
    send(event) {
      if (broken) return
      try {
        mkdirSync(dirname(path), { recursive: true })
        appendFileSync(path, `${JSON.stringify(event)}\n`)
      } catch (error) {
        broken = true
        warn(
          `OpenLineage events cannot be written to ${path}: ${error instanceof Error ? error.message : String(error)}`,
        )
      }
    },
    close: async () => {},
  }
}

/** Requests in a row that fail before the receiver counts as gone for this run. */
const PATIENCE = 2
const AT_ONCE = 4

/** In order of time as far as a receiver needs it: a run's events one after another, several runs at once. */
class HttpSender implements EventSender {
  readonly #transport: Extract<Transport, { kind: 'http' }>
  readonly #warn: Warn
  readonly #waiting: LineageEvent[] = []
  readonly #busy = new Set<unknown>()
  readonly #stop = new AbortController()
  #failed = 0
  #idle: (() => void) | undefined

  constructor(transport: Extract<Transport, { kind: 'http' }>, warn: Warn) {
    this.#transport = transport
    this.#warn = warn
  }

  send(event: LineageEvent): void {
    if (this.#failed >= PATIENCE) return
    this.#waiting.push(event)
    this.#next()
  }

  async close(): Promise<void> {
    if (this.#waiting.length === 0 && this.#busy.size === 0) return
    let timer: NodeJS.Timeout | undefined
    const done = new Promise<void>((resolve) => (this.#idle = resolve))
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#transport.timeout)
    })
    await Promise.race([done, late])
    clearTimeout(timer)
    if (this.#waiting.length + this.#busy.size > 0) this.#giveUp('it does not answer')
    this.#stop.abort()
  }

  #next(): void {
    while (this.#busy.size < AT_ONCE) {
      const at = this.#waiting.findIndex((event) => !this.#busy.has(runOf(event)))
      if (at === -1) break
      const [event] = this.#waiting.splice(at, 1)
      const run = runOf(event!)
      this.#busy.add(run)
      void this.#post(event!).then(() => {
        this.#busy.delete(run)
        this.#next()
      })
    }
    if (this.#waiting.length === 0 && this.#busy.size === 0) this.#idle?.()
  }

  async #post(event: LineageEvent): Promise<void> {
    const { url, headers, timeout } = this.#transport
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(event),
        signal: AbortSignal.any([AbortSignal.timeout(timeout), this.#stop.signal]),
      })
      await response.arrayBuffer()
      if (response.ok) this.#failed = 0
      else this.#fault(`it answers ${response.status}`)
    } catch (error) {
      this.#fault(reasonOf(error))
    }
  }

  #fault(reason: string): void {
    if (++this.#failed === PATIENCE) this.#giveUp(reason)
  }

  #giveUp(reason: string): void {
    this.#failed = PATIENCE
    const lost = this.#waiting.splice(0).length + this.#busy.size
    this.#warn(
      `OpenLineage events do not reach ${this.#transport.url}: ${reason} (${lost} dropped; the run is not affected)`,
    )
  }
}

function runOf(event: LineageEvent): unknown {
  return (event['run'] as { readonly runId?: unknown } | undefined)?.runId
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'it does not answer'
  return error.cause instanceof Error
    ? error.cause.message || String((error.cause as { code?: unknown }).code)
    : error.message
}
