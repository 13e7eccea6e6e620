/** Lets at most so many of one user's answers be open at once; more wait, first come first served. */
export class Turnstile {
  readonly #open = new Map<string, number>()
  readonly #waiting = new Map<string, (() => void)[]>()

  /** Waits for the user's turn; the answer ends it. @throws the signal's reason when it is aborted meanwhile. */
  async enter(user: string, limit: number, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    const open = this.#open.get(user) ?? 0
    if (open >= limit) await this.#wait(user, signal)
    else this.#open.set(user, open + 1)
    let left = false
    return () => {
      if (left) return
      left = true
      this.#leave(user)
    }
  }

  #wait(user: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const queue = this.#waiting.get(user) ?? []
      this.#waiting.set(user, queue)
      const enter = (): void => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = (): void => {
        queue.splice(queue.indexOf(enter), 1)
        reject(signal.reason)
      }
      signal.addEventListener('abort', giveUp, { once: true })
      queue.push(enter)
    })
  }

  /** The place goes to the next in line, or becomes free. */
  #leave(user: string): void {
    const queue = this.#waiting.get(user)
    const next = queue?.shift()
    if (queue?.length === 0) this.#waiting.delete(user)
    if (next !== undefined) {
      next()
      return
    }
    const open = (this.#open.get(user) ?? 1) - 1
    if (open === 0) this.#open.delete(user)
    else this.#open.set(user, open)
  }
}
