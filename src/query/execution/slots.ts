import { fail } from '../../core/diagnostic.js'

export interface SlotOptions {
  /** Statements that run at once. */
  readonly running: number
  /** Callers that wait for a slot; one more is refused. */
  readonly waiting: number
}

interface Waiter {
  readonly user: string
  readonly start: () => void
}

/**
 * How many statements run at once, over all users: fewer than the thread pool has threads, or a handful of long ones
 * would stop everything else. Of those that wait, users take turns.
 */
export class Slots {
  readonly #options: SlotOptions
  readonly #waiting: Waiter[] = []
  readonly #runningOf = new Map<string, number>()
  #running = 0

  constructor(options: SlotOptions) {
    this.#options = options
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /**
   * Takes a slot; the answer gives it back.
   * @throws PlumbError `too-busy` when too many wait already; the signal's reason when it is aborted meanwhile.
   */
  async take(user: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.#running >= this.#options.running) {
      if (this.#waiting.length >= this.#options.waiting) {
        fail('runtime', 'too-busy', `Too many questions are waiting already (${this.#waiting.length})`, {
          hint: 'ask again in a moment',
        })
      }
      await this.#wait(user, signal)
    } else this.#begin(user)
    let given = false
    return () => {
      if (given) return
      given = true
      this.#end(user)
    }
  }

  #wait(user: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        user,
        start: () => {
          signal.removeEventListener('abort', leave)
          this.#begin(user)
          resolve()
        },
      }
      const leave = (): void => {
        const at = this.#waiting.indexOf(waiter)
        if (at >= 0) this.#waiting.splice(at, 1)
        reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.push(waiter)
    })
  }

  #begin(user: string): void {
    this.#running++
    this.#runningOf.set(user, (this.#runningOf.get(user) ?? 0) + 1)
  }

  #end(user: string): void {
    this.#running--
    const left = (this.#runningOf.get(user) ?? 1) - 1
    if (left === 0) this.#runningOf.delete(user)
    else this.#runningOf.set(user, left)
    this.#next()?.start()
  }

  /** The one whose user has least running; of those, the one that waits longest. */
  #next(): Waiter | undefined {
    let best = -1
    let least = Number.POSITIVE_INFINITY
    for (const [at, { user }] of this.#waiting.entries()) {
      const running = this.#runningOf.get(user) ?? 0
      if (running < least) {
        best = at
        least = running
      }
    }
    return best < 0 ? undefined : this.#waiting.splice(best, 1)[0]
  }
}
