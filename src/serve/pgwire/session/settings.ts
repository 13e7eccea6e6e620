import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { type TimeZone, timeZoneOf, UTC } from '../values/time-zone.js'

/** The version that we say we are: that of the catalogue, whose answers must fit it. */
export const SERVER_VERSION = '18.6'

/** Settings that clients ask for and what they are here; PostgreSQL's names and defaults. */
const DEFAULTS: Readonly<Record<string, string>> = {
  application_name: '',
  allow_in_place_tablespaces: 'off',
  array_nulls: 'on',
  backslash_quote: 'safe_encoding',
  bytea_output: 'hex',
  check_function_bodies: 'on',
  client_encoding: 'UTF8',
  client_min_messages: 'notice',
  cursor_tuple_fraction: '0.1',
  DateStyle: 'ISO, MDY',
  default_table_access_method: 'heap',
  default_tablespace: '',
  default_text_search_config: 'pg_catalog.english',
  default_transaction_deferrable: 'off',
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'on',
  default_with_oids: 'off',
  enable_bitmapscan: 'on',
  enable_hashjoin: 'on',
  enable_indexscan: 'on',
  enable_mergejoin: 'on',
  enable_nestloop: 'on',
  enable_seqscan: 'on',
  enable_sort: 'on',
  escape_string_warning: 'on',
  extra_float_digits: '1',
  from_collapse_limit: '8',
  geqo: 'on',
  hot_standby: 'on',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
  in_hot_standby: 'off',
  integer_datetimes: 'on',
  IntervalStyle: 'postgres',
  is_superuser: 'off',
  jit: 'off',
  join_collapse_limit: '8',
  lc_collate: 'C',
  lc_ctype: 'C',
  lc_messages: 'C',
  lc_monetary: 'C',
  lc_numeric: 'C',
  lc_time: 'C',
  lock_timeout: '0',
  log_statement: 'none',
  maintenance_work_mem: '64MB',
  max_connections: '2000',
  max_identifier_length: '63',
  max_index_keys: '32',
  max_parallel_workers_per_gather: '0',
  plan_cache_mode: 'auto',
  quote_all_identifiers: 'off',
  random_page_cost: '4',
  role: 'none',
  row_security: 'on',
  scram_iterations: '4096',
  search_path: '"$user", public',
  seq_page_cost: '1',
  server_encoding: 'UTF8',
  server_version: SERVER_VERSION,
  server_version_num: '180006',
  session_authorization: '',
  session_replication_role: 'origin',
  shared_buffers: '128MB',
  ssl: 'off',
  standard_conforming_strings: 'on',
  statement_timeout: '0',
  synchronize_seqscans: 'on',
  synchronous_commit: 'on',
  temp_buffers: '8MB',
  TimeZone: 'UTC',
  transaction_deferrable: 'off',
  transaction_isolation: 'read committed',
  transaction_read_only: 'on',
  transaction_timeout: '0',
  vacuum_cost_delay: '0',
  wal_level: 'replica',
  work_mem: '4MB',
  xmlbinary: 'base64',
  xmloption: 'content',
  /** Ours: tell with every answer what it stands on. */
  'plumbline.proof': 'on',
}

const NAMES: ReadonlyMap<string, string> = new Map(Object.keys(DEFAULTS).map((name) => [name.toLowerCase(), name]))

/** Settings that clients are told of when they connect and whenever they change. */
export const REPORTED: readonly string[] = [
  'application_name',
  'client_encoding',
  'DateStyle',
  'default_transaction_read_only',
  'in_hot_standby',
  'integer_datetimes',
  'IntervalStyle',
  'is_superuser',
  'scram_iterations',
  'search_path',
  'server_encoding',
  'server_version',
  'session_authorization',
  'standard_conforming_strings',
  'TimeZone',
]

const FIXED: ReadonlySet<string> = new Set([
  'server_version',
  'server_version_num',
  'server_encoding',
  'integer_datetimes',
  'is_superuser',
  'in_hot_standby',
  'max_identifier_length',
  'max_index_keys',
  'max_connections',
  'lc_collate',
  'lc_ctype',
  'ssl',
])

const SYNONYMS: Readonly<Record<string, string>> = {
  'time zone': 'TimeZone',
  'transaction isolation level': 'transaction_isolation',
  'session authorization': 'session_authorization',
  names: 'client_encoding',
}

/** The settings of one session; what it is told with `SET LOCAL` ends with its transaction. */
export class Settings {
  readonly #initial = new Map<string, string>()
  #session = new Map<string, string>()
  #local: Map<string, string> | null = null
  #saved: Map<string, string> | null = null
  readonly #reported = new Map<string, string>()
  #zone: { readonly value: string; readonly zone: TimeZone } | null = null

  constructor(initial: Readonly<Record<string, string>>) {
    for (const [name, value] of Object.entries({ ...DEFAULTS, ...initial }))
      this.#initial.set(this.canonical(name), value)
  }

  /** The name as PostgreSQL spells it. @throws WireError `42704` when there is none such. */
  canonical(name: string): string {
    const lower = name.toLowerCase()
    const known = SYNONYMS[lower] ?? NAMES.get(lower)
    if (known !== undefined) return known
    // Names with a dot belong to somebody else and may be anything.
    if (lower.includes('.')) return lower
    return refuse(SQLSTATE.undefinedObject, `unrecognized configuration parameter "${name}"`)
  }

  get(name: string): string {
    const value = this.find(name)
    return value ?? refuse(SQLSTATE.undefinedObject, `unrecognized configuration parameter "${name}"`)
  }

  find(name: string): string | undefined {
    const key = this.canonical(name)
    return this.#local?.get(key) ?? this.#session.get(key) ?? this.#initial.get(key)
  }

  set(name: string, value: string | null, local = false): void {
    const key = this.canonical(name)
    if (FIXED.has(key)) refuse(SQLSTATE.invalidParameterValue, `parameter "${key}" cannot be changed`)
    if (value === null) {
      this.#session.delete(key)
      this.#local?.delete(key)
      return
    }
    const accepted = accept(key, value)
    if (local) (this.#local ??= new Map()).set(key, accepted)
    else {
      this.#local?.delete(key)
      this.#session.set(key, accepted)
    }
  }

  /** What the client said when it connected becomes what RESET goes back to. */
  setInitial(name: string, value: string): void {
    const key = this.canonical(name)
    if (!FIXED.has(key)) this.#initial.set(key, accept(key, value))
  }

  resetAll(): void {
    this.#session.clear()
    this.#local?.clear()
  }

  /** A transaction begins: what is set from here on is undone when it fails. */
  begin(): void {
    this.#saved = new Map(this.#session)
  }

  end(committed: boolean): void {
    if (!committed && this.#saved !== null) this.#session = this.#saved
    this.#saved = null
    this.#local = null
  }

  all(): readonly (readonly [string, string])[] {
    const names = new Set([...this.#initial.keys(), ...this.#session.keys(), ...(this.#local?.keys() ?? [])])
    return [...names].sort((a, b) => a.localeCompare(b, 'en')).map((name) => [name, this.get(name)])
  }

  /** Settings the client must be told of because they differ from what it was told last. */
  changes(): readonly (readonly [string, string])[] {
    const changed: [string, string][] = []
    for (const name of REPORTED) {
      const value = this.get(name)
      if (this.#reported.get(name) === value) continue
      this.#reported.set(name, value)
      changed.push([name, value])
    }
    return changed
  }

  /** Milliseconds of `statement_timeout`; 0 is none. */
  get statementTimeout(): number {
    return milliseconds(this.get('statement_timeout'))
  }

  /** What moments are shown by. */
  get timeZone(): TimeZone {
    const value = this.get('TimeZone')
    if (this.#zone?.value !== value) this.#zone = { value, zone: timeZoneOf(value) ?? UTC }
    return this.#zone.zone
  }

  /** The schemas where names without one are looked for. */
  searchPath(user: string): readonly string[] {
    return splitNames(this.get('search_path')).map((name) => (name === '$user' ? user : name))
  }
}

/** `metrics, "My Schema"` */
export function splitNames(list: string): string[] {
  const names: string[] = []
  for (const [, quoted, bare] of list.matchAll(/"((?:[^"]|"")*)"|([^\s,"]+)/g)) {
    names.push(quoted === undefined ? bare!.toLowerCase() : quoted.replaceAll('""', '"'))
  }
  return names.filter((name) => name !== '')
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }

function milliseconds(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/.exec(text)
  return match === null ? 0 : Number(match[1]) * (UNITS[match[2] || 'ms'] ?? 1)
}

/** Checks values that would change what we send, and cannot. */
function accept(key: string, value: string): string {
  if (key === 'client_encoding') {
    if (!/^'?(utf-?8|unicode)'?$/i.test(value)) {
      refuse(SQLSTATE.invalidParameterValue, `invalid value for parameter "client_encoding": "${value}"`, {
        hint: 'Only UTF8 is spoken here.',
      })
    }
    return 'UTF8'
  }
  if (key === 'DateStyle') {
    if (!/iso|default/i.test(value) && !/^[\s,]*(mdy|dmy|ymd)[\s,]*$/i.test(value)) {
      refuse(SQLSTATE.invalidParameterValue, `invalid value for parameter "DateStyle": "${value}"`, {
        hint: 'Dates are always written in ISO style here.',
      })
    }
    const order = /dmy|ymd|mdy/i.exec(value)?.[0]?.toUpperCase() ?? 'MDY'
    return `ISO, ${order}`
  }
  if (key === 'TimeZone') {
    const name = /^(local|default)$/i.test(value) ? 'UTC' : value
    if (timeZoneOf(name) === null)
      refuse(SQLSTATE.invalidParameterValue, `invalid value for parameter "TimeZone": "${value}"`)
    return name
  }
  if (key === 'standard_conforming_strings' && !/^(on|true|1|yes)$/i.test(value)) {
    refuse(SQLSTATE.invalidParameterValue, 'standard_conforming_strings cannot be turned off here')
  }
  if (key === 'IntervalStyle' && value.toLowerCase() !== 'postgres') {
    refuse(SQLSTATE.invalidParameterValue, 'intervals are always written in postgres style here')
  }
  return value
}
