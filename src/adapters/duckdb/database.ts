import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { fail, PlumbError } from '../../core/diagnostic.js'
import type { OpenOptions } from '../adapter.js'
import { attachSql } from './attach.js'
import type { DuckDBCredentials } from './credentials.js'
import { stringLiteral } from './dialect.js'
import { databaseError, exceptionName } from './errors.js'
import { nameLockHolder } from './lock-holder.js'
import { secretSql } from './secrets.js'

/** A path that has a scheme (`s3://`, `ducklake:`, `:memory:`) stays; a file's path is taken from the project root. */
function pathInProject(path: string, projectRoot: string): string {
  return path.startsWith(':memory:') || /^[a-z][a-z0-9+.-]+:/i.test(path) ? path : resolve(projectRoot, path)
}

/**
 * Opens the database file and prepares it as the profile says: extensions, secrets, attached databases.
 * @throws PlumbError kind `database`: `database-locked` when another process has the file, with who and what to do.
 */
export async function openDatabase(credentials: DuckDBCredentials, options: OpenOptions): Promise<DuckDBInstance> {
  const { projectRoot } = options
  refuseUnsupported(credentials)
  const path = pathInProject(credentials.path, projectRoot)
  const instance = await waitForOthers(options, () =>
    connectWithRetries(credentials, path, options.readOnly === true && canBeReadOnly(credentials, path)),
  )
  const connection = await instance.connect()
  try {
    for (const statement of setUpStatements(credentials, projectRoot)) await run(connection, statement)
  } catch (error) {
    instance.closeSync()
    throw error
  } finally {
    connection.closeSync()
  }
  return instance
}

/** `SET` statements that every session starts with; one text, so that they cost one call. */
export function sessionSettings(credentials: DuckDBCredentials): string {
  return Object.entries(credentials.settings)
    .map(([key, value]) => `SET ${key} = ${stringLiteral(String(value))}`)
    .join('; ')
}

function* setUpStatements(credentials: DuckDBCredentials, projectRoot: string): Generator<string> {
  for (const extension of credentials.extensions ?? []) {
    const name = typeof extension === 'string' ? extension : extension.name
    yield typeof extension === 'string' ? `INSTALL ${extension}` : `INSTALL ${extension.name} FROM ${extension.repo}`
    yield `LOAD ${name}`
  }
  for (const secret of credentials.secretList) yield secretSql(secret)
  for (const attachment of credentials.attach ?? []) {
    yield attachSql(attachment, (path) => pathInProject(path, projectRoot))
  }
}

/** Tries again until the process that has the file lets go of it, as long as `--wait` says. */
async function waitForOthers<T>({ wait = 0, notify, signal }: OpenOptions, open: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + wait * 1000
  for (let attempt = 0; ; attempt++) {
    try {
      return await open()
    } catch (error) {
      if (!(error instanceof PlumbError) || error.diagnostics[0]!.code !== 'database-locked') throw error
      if (performance.now() >= deadline || signal.aborted) throw await nameLockHolder(error)
      if (attempt === 0) notify?.('info', `Waiting for another process. ${(await nameLockHolder(error)).message}`)
      await sleep(Math.min(1000, 100 * 2 ** attempt), undefined, { signal }).catch(() => {})
    }
  }
}

/** A database opened for reading cannot attach others for writing, nor be made. */
function canBeReadOnly({ attach, extensions, secretList }: DuckDBCredentials, path: string): boolean {
  return [attach, extensions, secretList].every((list) => (list ?? []).length === 0) && existsSync(path)
}

async function connectWithRetries(
  credentials: DuckDBCredentials,
  path: string,
  readOnly: boolean,
): Promise<DuckDBInstance> {
  const attempts = credentials.retries?.connect_attempts ?? 1
  for (let attempt = 1; ; attempt++) {
    try {
      // Positions of errors come as JSON only; the setting must be there before the first statement.
      const options = {
        ...(readOnly ? { access_mode: 'READ_ONLY' } : {}),
        ...textOptions(credentials.config_options),
        errors_as_json: 'true',
      }
      // A file can be open once in a process; the cache gives everyone here the same instance of it.
      return path.startsWith(':memory:')
        ? await DuckDBInstance.create(path, options)
        : await DuckDBInstance.fromCache(path, options)
    } catch (raw) {
      const error = databaseError(raw, '')
      const retryable = credentials.retries?.retryable_exceptions.includes(exceptionName(error)) === true
      if (attempt >= attempts || !retryable) throw error
      await sleep(1000 * 2 ** (attempt - 1))
    }
  }
}

async function run(connection: DuckDBConnection, sql: string): Promise<void> {
  try {
    await connection.run(sql)
  } catch (error) {
    throw databaseError(error, sql)
  }
}

function textOptions(options: Readonly<Record<string, unknown>> | null): Record<string, string> {
  return Object.fromEntries(Object.entries(options ?? {}).map(([key, value]) => [key, String(value)]))
}

/** What stands in profiles of dbt-duckdb but needs Python to work. Refused here, so that `parse` and `ls` still run. */
function refuseUnsupported(credentials: DuckDBCredentials): void {
  if (credentials.unsupported.includes('filesystems')) {
    fail('profile', 'duckdb-filesystems', "'filesystems' in the profile needs Python's fsspec and is not supported", {
      hint: 'DuckDB reads s3://, gs://, az:// and https:// itself: use `extensions: [httpfs]` (or azure) and `secrets:`',
    })
  }
  if (credentials.unsupported.includes('remote')) {
    fail('profile', 'duckdb-remote', "'remote' in the profile (a Buena Vista server) is not supported", {
      hint: 'open the database file itself with `path:`, or connect to it with `type: postgres`',
    })
  }
}
