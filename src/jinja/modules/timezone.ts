import * as py from '../values/py.js'
import type { HostObject, Value } from '../values/value.js'
import { PyTimedelta } from './timedelta.js'

/** What a time zone says about one local time. */
export interface ZoneOffset {
  readonly offsetSeconds: number
  readonly dstSeconds: number
  readonly name: string
}

/** A tzinfo: a fixed offset from UTC, or one side (standard, daylight saving) of a named zone. */
export class PyTzInfo implements HostObject {
  get [py.typeName](): string {
    return 'tzinfo'
  }

  constructor(
    readonly offset: ZoneOffset,
    /** `datetime.timezone.utc` */
    readonly shown: string,
  ) {}

  /** The same zone at an instant (microseconds since 1970, UTC). */
  at(_epochMicros: bigint): PyTzInfo {
    return this
  }

  [py.getattr](name: string): Value {
    switch (name) {
      case 'utcoffset':
        return () => PyTimedelta.ofSeconds(this.offset.offsetSeconds)
      case 'dst':
        return () => PyTimedelta.ofSeconds(this.offset.dstSeconds)
      case 'tzname':
        return () => this.offset.name
      default:
        return undefined
    }
  }

  [py.eq](other: Value): boolean {
    return other instanceof PyTzInfo && other.shown === this.shown
  }

  [py.hash](): string {
    return `tzinfo${this.shown}`
  }

  [py.str](): string {
    return this.offset.name
  }

  [py.repr](): string {
    return this.shown
  }
}

/** `UTC+02:00`: how Python names a plain offset. */
export function offsetName(seconds: number): string {
  return seconds === 0 ? 'UTC' : `UTC${formatOffset(seconds, ':')}`
}

/** `+02:00`, with seconds when there are any. */
export function formatOffset(seconds: number, separator: string): string {
  const size = Math.abs(seconds)
  const two = (n: number): string => String(n).padStart(2, '0')
  const text = `${seconds < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}${separator}${two(Math.floor(size / 60) % 60)}`
  return size % 60 === 0 ? text : `${text}${separator}${two(size % 60)}`
}

/** A fixed offset, as `datetime.timezone(timedelta(...))`. */
export function fixedOffset(seconds: number): PyTzInfo {
  const name = offsetName(seconds)
  const shown =
    seconds === 0 ? 'datetime.timezone.utc' : `datetime.timezone(${PyTimedelta.ofSeconds(seconds)[py.repr]()})`
  return new PyTzInfo({ offsetSeconds: seconds, dstSeconds: 0, name }, shown)
}
