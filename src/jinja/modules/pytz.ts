import { bindArguments } from '../values/arguments.js'
import { pyError } from '../values/errors.js'
import { intArgument } from '../values/methods/method.js'
import * as py from '../values/py.js'
import { reprString, toRepr, toStr } from '../values/text.js'
import { truthy } from '../values/truth.js'
import { tuple } from '../values/tuple.js'
import type { HostObject, Kwargs, Value } from '../values/value.js'
import { PyDateTime } from './datetime.js'
import { PyTimedelta } from './timedelta.js'
import { PyTzInfo, type ZoneOffset } from './timezone.js'
import { ZoneRules } from './zone-rules.js'

/** pytz's UTC: the same offset always, printed its own way. */
class PytzUtc extends PyTzInfo {
  constructor() {
    super({ offsetSeconds: 0, dstSeconds: 0, name: 'UTC' }, '<UTC>')
  }

  override [py.getattr](name: string): Value {
    if (name === 'zone') return 'UTC'
    if (name === 'localize') return (args) => withZone(dateTimeArgument(args[0]), this)
    return name === 'normalize' ? (args) => args[0] : super[py.getattr](name)
  }
}

/** `pytz.FixedOffset(minutes)` */
class PytzFixed extends PyTzInfo {
  constructor(minutes: number) {
    super({ offsetSeconds: minutes * 60, dstSeconds: 0, name: 'None' }, `pytz.FixedOffset(${minutes})`)
  }

  override [py.str](): string {
    return this.shown
  }

  override [py.getattr](name: string): Value {
    if (name === 'localize') return (args) => withZone(dateTimeArgument(args[0]), this)
    if (name === 'zone' || name === 'tzname') return null
    return super[py.getattr](name)
  }
}

/**
 * A named zone with one of its offsets. `timezone()` gives the zone's first, local mean time; `localize` and
 * `astimezone` give the one that holds at a time, which later arithmetic keeps until `normalize`.
 */
class PytzZone extends PyTzInfo {
  constructor(
    readonly rules: ZoneRules,
    offset: ZoneOffset,
  ) {
    super(offset, describe(rules.name, offset))
  }

  override at(epochMicros: bigint): PyTzInfo {
    return new PytzZone(this.rules, this.rules.at(Number(epochMicros / 1_000_000n)))
  }

  override [py.getattr](name: string): Value {
    switch (name) {
      case 'zone':
        return this.rules.name
      case 'localize':
        return (args, kwargs) => this.#localize(args, kwargs)
      case 'normalize':
        return (args) => PyDateTime.fromEpoch(dateTimeArgument(args[0]).epochMicros, this)
      default:
        return super[py.getattr](name)
    }
  }

  override [py.str](): string {
    return this.rules.name
  }

  #localize(args: readonly Value[], kwargs: Kwargs): PyDateTime {
    const [value, isDst] = bindArguments('localize', ['dt', 'is_dst'], args, kwargs, { is_dst: false })
    const local = dateTimeArgument(value)
    if (local.tz) throw pyError('ValueError', 'Not naive datetime (tzinfo is already set)')
    const asUtc = withZone(local, UTC_ZONE).epochMicros
    const candidates = this.rules.forLocal(Number(asUtc / 1_000_000n))
    const preferred = candidates.find((c) => (c.dstSeconds !== 0) === truthy(isDst)) ?? candidates[0]!
    return withZone(local, new PytzZone(this.rules, preferred))
  }
}

/** The names of all zones. Old names are in it too, though the runtime lists only the present ones. */
class ZoneNames implements HostObject {
  readonly [py.typeName] = 'list'
  #listed: string[] | undefined

  get #names(): string[] {
    this.#listed ??= [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])].sort()
    return this.#listed
  }

  [py.getattr](): Value {
    return undefined
  }

  [py.getitem](key: Value): Value {
    return typeof key === 'number' ? this.#names.at(key) : undefined
  }

  [py.iter](): Iterable<Value> {
    return this.#names
  }

  [py.len](): number {
    return this.#names.length
  }

  [py.contains](name: Value): boolean {
    return typeof name === 'string' && ZoneRules.find(name) !== undefined
  }

  [py.str](): string {
    return toRepr(this.#names)
  }
}

const UTC_ZONE = new PytzUtc()

function describe(name: string, offset: ZoneOffset): string {
  const delta = PyTimedelta.ofSeconds(offset.offsetSeconds)[py.str]().replace(/:00$/, '')
  const signed = offset.offsetSeconds >= 0 && !delta.startsWith('-') ? `+${delta}` : delta
  const dst = offset.dstSeconds === 0 ? 'STD' : 'DST'
  return `<DstTzInfo '${name}' ${offset.name}${signed}:00 ${dst}>`
}

function dateTimeArgument(value: Value): PyDateTime {
  if (value instanceof PyDateTime) return value
  throw pyError('TypeError', 'a datetime is required')
}

function withZone(value: PyDateTime, tz: PyTzInfo): PyDateTime {
  return new PyDateTime(value, value, tz)
}

/** dbt's `modules.pytz`. Zones come from the JavaScript runtime. */
export function pytzModule(): Map<Value, Value> {
  const known = new Map<string, PyTzInfo>()
  const timezone = (name: string): PyTzInfo => {
    if (/^utc$/i.test(name)) return UTC_ZONE
    const made = known.get(name) ?? makeZone(name)
    known.set(name, made)
    return made
  }
  const names = new ZoneNames()
  return new Map<Value, Value>([
    ['timezone', (args) => timezone(toStr(bindArguments('timezone', ['zone'], args, {})[0]))],
    ['utc', UTC_ZONE],
    ['UTC', UTC_ZONE],
    ['FixedOffset', ([minutes]) => (intArgument(minutes) === 0 ? UTC_ZONE : new PytzFixed(intArgument(minutes)))],
    ['all_timezones', names],
    ['all_timezones_set', names],
    ['common_timezones', names],
    ['common_timezones_set', names],
    ['country_timezones', new Map()],
    ['country_names', new Map()],
    ['UnknownTimeZoneError', tuple(['UnknownTimeZoneError'])],
  ])
}

function makeZone(name: string): PyTzInfo {
  const rules = ZoneRules.find(name)
  if (!rules) throw pyError('KeyError', reprString(name))
  return new PytzZone(rules, rules.first())
}
