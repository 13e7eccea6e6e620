import { existsSync, readFileSync } from 'node:fs'
import { writeFileAtomically } from './artifacts/index.js'
import { type Invocation, PLUMB_VERSION } from './core/invocation.js'
import type { CachedStatement, LineageCache } from './lineage/index.js'

export interface StatementCache extends LineageCache {
  /** `all`: the whole project was read, so that what nobody asked for is of no use any more. */
  save(options: { readonly all: boolean }): Promise<void>
}

/** What the statements of earlier invocations gave, in one file. */
export function openStatementCache(path: string): StatementCache {
  const used: Record<string, CachedStatement> = {}
  let known: Readonly<Record<string, CachedStatement>> | undefined
  const read = (): Readonly<Record<string, CachedStatement>> =>
    (known ??= readJson<{ statements: Record<string, CachedStatement> }>(path)?.statements ?? {})
  return {
    get(key) {
      const found = used[key] ?? read()[key]
      if (found !== undefined) used[key] = found
      return found
    },
    set(key, value) {
      used[key] = value
    },
    async save({ all }) {
      await writeJson(path, { statements: all ? used : { ...read(), ...used } })
    },
  }
}

/** The content of a file this version wrote; undefined when there is none. */
export function readJson<T extends object>(path: string): T | undefined {
  if (!existsSync(path)) return undefined
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as T & { version: string }
    return file.version === PLUMB_VERSION ? file : undefined
  } catch {
    return undefined
  }
}

/**
 * Whoever reads meanwhile finds the old one or the new one.
 * @throws PlumbError where the folder cannot be written
 */
export async function writeJson(path: string, content: object): Promise<void> {
  await writeFileAtomically(path, [JSON.stringify({ version: PLUMB_VERSION, ...content })])
}

const MOMENT = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?/g
const ZONES = 26 * 3_600_000

/**
 * Takes out of a statement what another run writes differently: moments about now, in whatever time zone
 * (`run_started_at`), and the invocation's id.
 */
export function withoutTheRun({ id, startedAt }: Pick<Invocation, 'id' | 'startedAt'>): (sql: string) => string {
  const now = startedAt.getTime()
  return (sql) =>
    sql
      .replace(MOMENT, (text) => {
        const moment = Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`)
        return Math.abs(moment - now) < ZONES ? 'now' : text
      })
      .replaceAll(id, 'invocation')
}
