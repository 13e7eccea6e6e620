import { internalError } from '../core/diagnostic.js'
import type { Slots } from './slots.js'

/** Something to do after other things. */
export interface Job {
  readonly id: string
  /** Ids of jobs that must be done first; ids that are no jobs do not matter. */
  readonly after: readonly string[]
  /** Of several jobs that could start, the heaviest does. */
  readonly weight: number
}

interface Waiting<J extends Job> {
  readonly job: J
  readonly order: number
  blockers: number
}

/**
 * Does jobs in the order of their dependencies, as many at once as there are workers, the heaviest first. A worker that
 * is done starts the next job itself: nothing polls and nothing waits on a timer. `work` must not throw.
 * @returns when every job is done, or those under way are after `stopped` became true.
 */
export function runJobs<J extends Job>(
  jobs: readonly J[],
  slots: Slots,
  work: (job: J, worker: number) => Promise<void>,
  stopped: () => boolean,
): Promise<void> {
  const waiting = new Map<string, Waiting<J>>()
  jobs.forEach((job, order) => {
    waiting.set(job.id, { job, order, blockers: 0 })
  })
  const dependents = new Map<string, Waiting<J>[]>()
  const ready = new JobHeap<J>()
  for (const entry of waiting.values()) {
    for (const id of new Set(entry.job.after)) {
      if (!waiting.has(id)) continue
      entry.blockers++
      const list = dependents.get(id)
      if (list === undefined) dependents.set(id, [entry])
      else list.push(entry)
    }
    if (entry.blockers === 0) ready.push(entry)
  }
  return new Promise<void>((resolve, reject) => {
    let running = 0
    let done = 0
    const finish = (entry: Waiting<J>, worker: number): void => {
      running--
      done++
      slots.give(worker)
      for (const next of dependents.get(entry.job.id) ?? []) if (--next.blockers === 0) ready.push(next)
      startMore()
    }
    const startMore = (): void => {
      while (ready.size > 0 && !stopped()) {
        const worker = slots.take()
        if (worker === null) return
        const entry = ready.pop()
        running++
        work(entry.job, worker).then(() => finish(entry, worker), reject)
      }
      if (running > 0) return
      if (done < jobs.length && !stopped())
        reject(internalError('the steps of the plan wait for each other in a circle'))
      else resolve()
    }
    startMore()
  })
}

/** A binary heap: heaviest job first, among equals the one that stands first in the plan. */
class JobHeap<J extends Job> {
  readonly #entries: Waiting<J>[] = []

  get size(): number {
    return this.#entries.length
  }

  push(entry: Waiting<J>): void {
    const entries = this.#entries
    let at = entries.length
    entries.push(entry)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(entry, entries[parent]!)) break
      entries[at] = entries[parent]!
      at = parent
    }
    entries[at] = entry
  }

  pop(): Waiting<J> {
    const entries = this.#entries
    const top = entries[0]!
    const last = entries.pop()!
    if (entries.length > 0) this.#sink(last)
    return top
  }

  #sink(entry: Waiting<J>): void {
    const entries = this.#entries
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= entries.length) break
      if (child + 1 < entries.length && isBefore(entries[child + 1]!, entries[child]!)) child++
      if (!isBefore(entries[child]!, entry)) break
      entries[at] = entries[child]!
      at = child
    }
    entries[at] = entry
  }
}

function isBefore<J extends Job>(a: Waiting<J>, b: Waiting<J>): boolean {
  return a.job.weight !== b.job.weight ? a.job.weight > b.job.weight : a.order < b.order
}
