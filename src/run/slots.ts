/**
 * The workers of a run: `size` things happen at once. A node takes a worker for as long as it runs; a node that has
 * parts (batches) may take more as long as some are idle.
 */
export class Slots {
  /** Free worker numbers, lowest last. */
  readonly #free: number[]

  constructor(readonly size: number) {
    this.#free = Array.from({ length: size }, (_, index) => size - index)
  }

  /** The lowest free worker's number from 1, or null when all are busy. */
  take(): number | null {
    return this.#free.pop() ?? null
  }

  give(worker: number): void {
    const at = this.#free.findIndex((other) => other < worker)
    this.#free.splice(at === -1 ? this.#free.length : at, 0, worker)
  }

  get hasFree(): boolean {
    return this.#free.length > 0
  }
}

/** dbt's names of its workers, which stand in run_results.json. */
export function workerName(worker: number): string {
  return `Thread-${worker} (worker)`
}
