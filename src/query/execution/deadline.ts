import { diagnostic, PlumbError } from '../../core/diagnostic.js'

/** Counts the time that the warehouse works for an answer, not the time that its reader takes. */
export class Deadline {
  readonly #controller = new AbortController()
  readonly #limit: number
  readonly signal: AbortSignal
  #left: number
  #timer: ReturnType<typeof setTimeout> | undefined
  #since = 0

  /** @param other stops the answer too; it should live no longer than the question. */
  constructor(limit: number, other?: AbortSignal) {
    this.#limit = limit
    this.#left = limit
    this.signal = other === undefined ? this.#controller.signal : AbortSignal.any([this.#controller.signal, other])
  }

  /** Stops the answer, whatever it is at. */
  abort(reason: unknown): void {
    this.#controller.abort(reason)
  }

  /** The warehouse begins to work. */
  start(): void {
    if (this.#timer !== undefined) return
    this.#since = performance.now()
    this.#timer = setTimeout(() => this.#controller.abort(timeExceeded(this.#limit)), Math.max(0, this.#left))
  }

  /** The warehouse has given what was asked for. */
  pause(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#left -= performance.now() - this.#since
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.start()
    try {
      return await work()
    } finally {
      this.pause()
    }
  }
}

function timeExceeded(limit: number): PlumbError {
  return new PlumbError(
    diagnostic('runtime', 'query-timeout', `The question took longer than ${limit / 1000} seconds and was stopped`, {
      hint: 'ask for less: fewer groups, a shorter time range',
    }),
  )
}

/**
 * What to tell when something was stopped: why it was, in place of the warehouse's words for having been stopped.
 */
export function reasonOf(error: unknown, signal: AbortSignal): unknown {
  if (!signal.aborted) return error
  const reason: unknown = signal.reason
  if (reason instanceof PlumbError) return reason
  return new PlumbError(diagnostic('runtime', 'query-cancelled', 'The question was cancelled'), reason)
}
