import { createHash, randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { fail } from '../../core/diagnostic.js'
import type { RunHolder, RunLock, RunLockRequest } from '../adapter.js'

/** First halves of our advisory locks' keys: `plum` and the next numbers, as ASCII. */
const SCHEMA = 0x706c756d
const AT_WORK = SCHEMA + 1
const ALIVE = SCHEMA + 2
const RELATION = SCHEMA + 3

/** PostgreSQL cuts the name of a session here. */
const NAME_LENGTH = 63

/** How long after a killed run's sessions were told to end we wait for them, in milliseconds. */
const ORPHAN_PATIENCE = 30_000

/** With more relations than this a run takes whole schemas: the server's table of locks is small and everybody's. */
const MOST_RELATIONS = 1000

/** Second half of a key. */
function keyOf(name: string): number {
  return createHash('sha256').update(name).digest().readInt32BE(0)
}

interface Wanted {
  readonly kind: number
  readonly key: number
  readonly shared: boolean
  /** What it stands for, as a user is told. */
  readonly what: string
}

export interface HeldLock extends RunLock {
  /** What each session that works for the run says first, so that the run after a killed one finds them. */
  readonly mark: string
}

/**
 * Takes the locks of a run with a session kept for nothing else: one for each relation it writes, and a shared one for
 * their schemas; or, when they are too many, the schemas alone, for itself. So runs that write other relations go side
 * by side. They are advisory locks: the server gives them back when the session ends, in whatever way the client does.
 * Sessions of an earlier, killed run on the target that still work are ended.
 * @param open makes the session; it is ended here when the locks are not to be had.
 * @throws PlumbError `run-locked`.
 */
export async function lockRun(
  open: () => Promise<Client>,
  request: RunLockRequest,
  signal: AbortSignal,
): Promise<HeldLock> {
  const client = await open()
  try {
    await introduce(client, request.holder)
    const run = await takeNumber(client, request.schema)
    await untilOurs(client, await locksFor(client, request), request, signal)
    await endOrphans(client, request.schema)
    return { mark: `select pg_try_advisory_lock_shared(${AT_WORK}, ${run})`, release: () => client.end() }
  } catch (error) {
    await client.end()
    throw error
  }
}

/** A number that is this run's alone while it lives; its first half is the target's, to find those of killed runs. */
async function takeNumber(client: Client, schema: string): Promise<number> {
  for (;;) {
    const run = (keyOf(schema) & ~0xffff) | randomInt(0x10000)
    const { rows } = await client.query('select pg_try_advisory_lock($1, $2) as ours', [ALIVE, run])
    if (rows[0].ours === true) return run
  }
}

async function locksFor(client: Client, { relations }: RunLockRequest): Promise<readonly Wanted[]> {
  const { rows } = await client.query(
    `select current_setting('max_locks_per_transaction')::int * current_setting('max_connections')::int / 8 as room`,
  )
  const alone = relations.length > Math.min(MOST_RELATIONS, (rows[0] as { room: number }).room)
  const schemas = [...new Set(relations.map(({ schema }) => schema))].sort()
  const ofSchemas = schemas.map(
    (name): Wanted => ({ kind: SCHEMA, key: keyOf(name), shared: !alone, what: `the schema "${name}"` }),
  )
  if (alone) return ofSchemas
  const names = new Set(relations.map(({ schema, name }) => `"${schema}"."${name}"`))
  return [
    ...ofSchemas,
    ...[...names].map((name): Wanted => ({ kind: RELATION, key: keyOf(name), shared: false, what: name })),
  ]
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

async function untilOurs(
  client: Client,
  wanted: readonly Wanted[],
  request: RunLockRequest,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + request.wait * 1000
  let told = false
  for (let attempt = 0; ; attempt++) {
    const taken = await takeAll(client, wanted)
    if (taken === null) return
    const holder = await describeHolder(client, taken)
    // It ended between the two questions.
    if (holder === null) continue
    if (performance.now() >= deadline || signal.aborted) refuse(holder, taken, request, signal.aborted)
    if (!told) request.onWait(`${holder}, which has ${taken.what}`)
    told = true
    await sleep(Math.min(1000, 100 * 2 ** Math.min(attempt, 4)), undefined, { signal }).catch(() => {})
  }
}

const WANTED = 'unnest($1::int[], $2::int[], $3::bool[]) as wanted (kind, key, shared)'

/** All of them or, so that no two runs wait for each other, none: then the first that another has. */
async function takeAll(client: Client, wanted: readonly Wanted[]): Promise<Wanted | null> {
  const { rows } = await client.query({
    text: `select case when shared then pg_try_advisory_lock_shared(kind, key) else pg_try_advisory_lock(kind, key) end
      from ${WANTED}`,
    values: columnsOf(wanted),
    rowMode: 'array',
  })
  const ours = (rows as boolean[][]).map(([taken]) => taken === true)
  const missing = ours.indexOf(false)
  if (missing === -1) return null
  await client.query(
    `select case when shared then pg_advisory_unlock_shared(kind, key) else pg_advisory_unlock(kind, key) end
     from ${WANTED}`,
    columnsOf(wanted.filter((_, i) => ours[i])),
  )
  return wanted[missing]!
}

function columnsOf(wanted: readonly Wanted[]): unknown[] {
  return [wanted.map(({ kind }) => kind), wanted.map(({ key }) => key), wanted.map(({ shared }) => shared)]
}

function refuse(holder: string, { what }: Wanted, { wait }: RunLockRequest, interrupted: boolean): never {
  if (interrupted) fail('runtime', 'run-locked', `Interrupted while waiting for another run: ${holder}`)
  fail('runtime', 'run-locked', `Another run is at work on ${what}: ${holder}`, {
    hint:
      wait > 0
        ? `it did not end within ${wait} seconds`
        : 'without `--wait 0` this run waits for its end; `--no-run-lock` runs beside it all the same',
  })
}

/** A session that has the lock, in its own words and the server's; null when nobody has it any more. */
async function describeHolder(client: Client, { kind, key }: Wanted): Promise<string | null> {
  const { rows } = await client.query(
    `select application_name as name, usename as role, client_addr as address, activity.pid
     from pg_locks
     join pg_stat_activity as activity on activity.pid = pg_locks.pid
     where locktype = 'advisory' and objsubid = 2 and granted
       and classid = $1::bigint and objid = ($2::bigint & 4294967295)
       and pg_locks.database = (select oid from pg_database where datname = current_database())
       and activity.pid <> pg_backend_pid()`,
    [kind, key],
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
async function endOrphans(client: Client, schema: string): Promise<void> {
  const deadline = performance.now() + ORPHAN_PATIENCE
  for (;;) {
    const { rows } = await client.query(
      `with held as (
         select classid::bigint as kind, objid, pid
         from pg_locks
         where locktype = 'advisory' and objsubid = 2 and granted
           and database = (select oid from pg_database where datname = current_database())
       )
       select pid
       from held as work
       where kind = $1 and objid::bigint >> 16 = $2
         and not exists (select from held as alive where alive.kind = $3 and alive.objid = work.objid)`,
      [AT_WORK, keyOf(schema) >>> 16, ALIVE],
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
