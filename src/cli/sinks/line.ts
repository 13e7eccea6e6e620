import type { EventLevel, PlumbEvent } from '../../core/event.js'
import { exactJson } from '../../core/exact-json.js'

const RANK: Record<EventLevel | 'none', number> = { test: 10, debug: 10, info: 20, warn: 30, error: 40, none: 100 }

/** Events that are the command's own output: no time stamp, and `--quiet` does not silence them. */
const PRINTED = new Set(['PrintEvent', 'ShowNode', 'CompiledNode', 'ListCmdOut'])

export function isPrinted(event: PlumbEvent): boolean {
  return PRINTED.has(event.name)
}

/** Is the event severe enough for a sink of this level? */
export function passes(event: PlumbEvent, level: EventLevel | 'none'): boolean {
  if (level === 'none') return false
  return isPrinted(event) || RANK[event.level] >= RANK[level]
}

/** `HH:MM:SS` in UTC, as dbt stamps its lines. */
export function clock(now: Date): string {
  return now.toISOString().slice(11, 19)
}

/** `HH:MM:SS.ffffff` */
export function preciseClock(now: Date): string {
  return `${now.toISOString().slice(11, 23)}000`
}

/** A line for the terminal; `msg` is the event's own, or that in colours. */
export function plainLine(event: PlumbEvent, now: Date, msg = event.msg): string {
  return isPrinted(event) ? msg : `${clock(now)}  ${msg}`
}

/** A line in dbt's debug form: time, level, thread. */
export function debugLine(event: PlumbEvent, now: Date): string {
  const thread = (event.thread ?? 'MainThread').slice(0, 10).padEnd(10)
  return `${preciseClock(now)} [${event.level.padEnd(5)}] [${thread}]: ${event.msg}`
}

/** A line in dbt's JSON form: `{"data": ..., "info": ...}`. */
export function jsonLine(event: PlumbEvent, now: Date, invocationId: string): string {
  return exactJson({
    data: event.data,
    info: {
      category: '',
      code: event.code,
      extra: {},
      invocation_id: invocationId,
      level: event.level,
      msg: event.msg,
      name: event.name,
      pid: process.pid,
      thread: event.thread ?? 'MainThread',
      ts: now.toISOString().replace(/(\.\d{3})Z$/, '$1000Z'),
    },
  })
}

/** Replaces the values of `DBT_ENV_SECRET_*` variables wherever they turn up. */
export function createScrubber(env: Readonly<Record<string, string | undefined>>): (text: string) => string {
  const secrets = Object.entries(env)
    .filter(([name, value]) => name.startsWith('DBT_ENV_SECRET_') && value)
    .map(([, value]) => value!)
    .sort((a, b) => b.length - a.length)
  if (secrets.length === 0) return (text) => text
  return (text) => secrets.reduce((t, secret) => t.replaceAll(secret, '*****'), text)
}
