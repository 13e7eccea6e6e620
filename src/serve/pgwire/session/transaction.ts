import type { TransactionStatus } from '../protocol/backend.js'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'

/** The transaction a client believes it is in. Nothing is written here, but its rules hold. */
export class Transaction {
  #status: TransactionStatus = 'I'
  #savepoints: string[] = []

  get status(): TransactionStatus {
    return this.#status
  }

  get open(): boolean {
    return this.#status !== 'I'
  }

  get failed(): boolean {
    return this.#status === 'E'
  }

  /** Answers false when one was open already, which only earns a warning. */
  begin(): boolean {
    if (this.open) return false
    this.#status = 'T'
    this.#savepoints = []
    return true
  }

  /** An error within a transaction spoils it. */
  fail(): void {
    if (this.#status === 'T') this.#status = 'E'
  }

  /** Answers what really happened: a failed one is rolled back whatever is asked. */
  end(how: 'commit' | 'rollback'): 'COMMIT' | 'ROLLBACK' {
    const tag = how === 'commit' && !this.failed ? 'COMMIT' : 'ROLLBACK'
    this.#status = 'I'
    this.#savepoints = []
    return tag
  }

  savepoint(name: string): void {
    this.#needOpen('SAVEPOINT')
    this.#savepoints.push(name)
  }

  release(name: string): void {
    this.#needOpen('RELEASE SAVEPOINT')
    this.#savepoints.length = this.#find(name)
  }

  rollbackTo(name: string): void {
    this.#needOpen('ROLLBACK TO SAVEPOINT')
    this.#savepoints.length = this.#find(name) + 1
    this.#status = 'T'
  }

  #needOpen(what: string): void {
    if (!this.open) refuse(SQLSTATE.noActiveTransaction, `${what} can only be used in transaction blocks`)
  }

  #find(name: string): number {
    const at = this.#savepoints.lastIndexOf(name)
    return at >= 0 ? at : refuse(SQLSTATE.invalidSavepoint, `savepoint "${name}" does not exist`)
  }
}
