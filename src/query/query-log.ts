import { createHash } from 'node:crypto'
import { appendFile, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Question } from './types.js'

/** One question, once its answer was read to the end, given up or refused. */
export interface QueryLogEntry {
  /** ISO 8601. */
  readonly time: string
  readonly caller: string
  readonly door: string
  readonly question: unknown
  /** SHA-256 of the statement that was sent; null when none was. */
  readonly sql_hash: string | null
  readonly rows: number
  readonly ms: number
  readonly cached: boolean
  /** Code of the error it ended with. */
  readonly error: string | null
  /** The warehouse's own words for it, which callers other than the owner are not told. */
  readonly message: string | null
}

/** The question as it stands in the log: bindings may hold what nobody should read there. */
export function loggedQuestion(question: Question): unknown {
  if (question.kind === 'metrics') return question.query
  return question.parts
}

export function hashOf(...parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}

/** A file of JSON lines, written behind the answers' back: entries of one moment go in one write. */
export function fileLog(path: string): { add(entry: QueryLogEntry): void; close(): Promise<void> } {
  let pending = ''
  let writing: Promise<void> | undefined
  const write = async (): Promise<void> => {
    await mkdir(dirname(path), { recursive: true })
    while (pending !== '') {
      const text = pending
      pending = ''
      await appendFile(path, text)
    }
  }
  const flush = (): Promise<void> => {
    writing ??= write()
      .catch(() => {
        // A full disk must not stop the answers.
        pending = ''
      })
      .finally(() => {
        writing = undefined
      })
    return writing
  }
  return {
    add(entry) {
      pending += `${JSON.stringify(entry, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}\n`
      setImmediate(flush)
    },
    async close() {
      await flush()
      if (pending !== '') await flush()
    },
  }
}
