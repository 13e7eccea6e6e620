import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { fail } from '../../core/diagnostic.js'
import type { RunHolder, RunLock, RunLockRequest } from '../adapter.js'

/** First halves of our advisory locks' keys: `plum` and the next number, as ASCII. */
const RUN = 0x706c756d
const AT_WORK = RUN + 1

/** PostgreSQL cuts the name of a session here. */
const NAME_LENGTH = 63

/** How long after a killed run's sessions were told to end we wait for them, in milliseconds. */
const ORPHAN_PATIENCE = 30_000

/** Second half of the keys: the schema, so that every developer's target has a lock of its own. */
function keyOf(schema: string): number {
  return createHash('sha256').update(schema).digest().readInt32BE(0)
}

/** A session that works for a run shows it, so that the run after a killed one finds what the server still does for it. */
export function markAtWork(schema: string): string {
  return `select pg_try_advisory_lock_shared(${AT_WORK}, ${keyOf(schema)})`
}

/**
 * Takes the lock of a target with a session kept for nothing else. It is an advisory lock: the server gives it back
 * when the session ends, in whatever way the client does. Sessions of an earlier, killed run that still work are ended.
 * @param open makes the session; it is ended here when the lock is not to be had.
 * @throws PlumbError `run-locked`.
 */
export async function lockRun(
  open: () => Promise<Client>,
  request: RunLockRequest,
  signal: AbortSignal,
): Promise<RunLock> {
  const client = await open()
  try {
    await introduce(client, request.holder)
    const key = keyOf(request.schema)
    await untilOurs(client, key, request, signal)
    await endOrphans(client, key, request.schema)
    return { release: () => client.end() }
  } catch (error) {
    await client.end()
    throw error
  }
}

/** Who we are, where everybody may read it; and a server that notices soon when our machine is gone. */
async function introduce(client: Client, holder: RunHolder): Promise<void> {
  await client.query(
    `select set_config(name, case name
       when 'application_name' then $1 when 'tcp_keepalives_idle' then '30' when 'tcp_keepalives_interval' then '10'
       when 'tcp_keepalives_count' then '3' else '0' end, false)
     from pg_settings
     where name in ('application_name', 'tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_keepalives_count',
       'idle_session_timeout')`,
    [sessionName(holder)],
  )
}

/** `alice@laptop pid 4711 since 2026-01-31T12:00:00Z plumb build ...`, cut to what the server keeps. */
function sessionName({ user, host, pid, command, since }: RunHolder): string {
  const time = since.toISOString().replace(/\.\d+Z$/, 'Z')
  const who = `${user.slice(0, 12)}@${host.slice(0, 12)}`
  return `${who} pid ${pid} since ${time} ${command}`.replace(/[^\x20-\x7e]/g, '?').slice(0, NAME_LENGTH)
}

async function untilOurs(client: Client, key: number, request: RunLockRequest, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + request.wait * 1000
  for (let attempt = 0; ; attempt++) {
    const { rows } = await client.query('select pg_try_advisory_lock($1, $2) as ours', [RUN, key])
    if (rows[0].ours === true) return
    const holder = await describeHolder(client, key)
    // It ended between the two questions.
    if (holder === null) continue
    if (performance.now() >= deadline || signal.aborted) refuse(holder, request, signal.aborted)
    if (attempt === 0) request.onWait(holder)
    await sleep(Math.min(1000, 100 * 2 ** attempt), undefined, { signal }).catch(() => {})
  }
}

function refuse(holder: string, { schema, wait }: RunLockRequest, interrupted: boolean): never {
  if (interrupted) fail('runtime', 'run-locked', `Interrupted while waiting for another run: ${holder}`)
  fail('runtime', 'run-locked', `Another run is at work on the schema "${schema}": ${holder}`, {
    hint:
      wait > 0
        ? `it did not end within ${wait} seconds`
        : '`--wait` waits for its end, `--wait 600` for ten minutes at most; `--no-run-lock` runs beside it all the same',
  })
}

/** The session that has the lock, in its own words and the server's; null when nobody has it any more. */
async function describeHolder(client: Client, key: number): Promise<string | null> {
  const { rows } = await client.query(
    `select application_name as name, usename as role, client_addr as address, activity.pid
     from pg_locks
     join pg_stat_activity as activity on activity.pid = pg_locks.pid
     where locktype = 'advisory' and objsubid = 2 and granted
       and classid = $1::bigint and objid = ($2::bigint & 4294967295)
       and pg_locks.database = (select oid from pg_database where datname = current_database())`,
    [RUN, key],
  )
  const found = rows[0] as { name: string; role: string; address: string | null; pid: number } | undefined
  if (found === undefined) return null
  const from = found.address === null ? '' : ` from ${found.address}`
  return `${found.name} (role ${found.role}${from}, server process ${found.pid})`
}

/**
 * A server goes on with a statement whose client was killed. Such sessions would change tables under the hands of this
 * run: they are ended, which undoes what they have not committed.
 * @throws PlumbError `run-locked` when they cannot be ended.
 */
async function endOrphans(client: Client, key: number, schema: string): Promise<void> {
  const deadline = performance.now() + ORPHAN_PATIENCE
  for (;;) {
    const { rows } = await client.query(
      `select pid
       from pg_locks
       where locktype = 'advisory' and objsubid = 2 and granted
         and classid = $1::bigint and objid = ($2::bigint & 4294967295)
         and database = (select oid from pg_database where datname = current_database())`,
      [AT_WORK, key],
    )
    if (rows.length === 0) return
    const pids = rows.map((row) => (row as { pid: number }).pid)
    if (performance.now() >= deadline) {
      fail(
        'runtime',
        'run-locked',
        `A killed run is still at work on the schema "${schema}" (server processes ${pids.join(', ')})`,
        {
          hint: 'end them with pg_terminate_backend(...), which may need another role',
        },
      )
    }
    // Where we may not, they end by themselves when their statement does.
    for (const pid of pids) await client.query('select pg_terminate_backend($1)', [pid]).catch(() => {})
    await sleep(50)
  }
}
