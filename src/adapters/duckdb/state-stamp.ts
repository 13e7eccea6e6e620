import { statSync } from 'node:fs'
import type { DuckDBCredentials } from './credentials.js'

/** Size and time of every database file and its write-ahead log; undefined when a database is no local file. */
export function stampOfFiles({ path, attach, ducklakes }: DuckDBCredentials): string | undefined {
  const paths = [path, ...(attach ?? []).map((each) => each.path)].filter((each) => each !== ':memory:')
  const remote = (each: string): boolean => /^[a-z][a-z0-9+.-]+:/i.test(each)
  if ([...ducklakes].length > 0 || paths.some(remote) || (attach ?? []).some(({ type }) => type)) return undefined
  return paths.flatMap((each) => [each, `${each}.wal`].map(stampOfFile)).join(',')
}

function stampOfFile(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined ? 'none' : `${found.size}@${found.mtimeMs}`
}
