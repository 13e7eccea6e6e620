import { asInt } from '../../values/numbers.js'
import * as py from '../../values/py.js'
import type { ArithmeticOperator, HostObject, Value } from '../../values/value.js'

/** Python's flag bits. */
export const IGNORECASE = 2
export const LOCALE = 4
export const MULTILINE = 8
export const DOTALL = 16
export const UNICODE = 32
export const VERBOSE = 64
export const ASCII = 256

const NAMES: readonly (readonly [bit: number, name: string])[] = [
  [ASCII, 're.ASCII'],
  [IGNORECASE, 're.IGNORECASE'],
  [LOCALE, 're.LOCALE'],
  [UNICODE, 're.UNICODE'],
  [MULTILINE, 're.MULTILINE'],
  [DOTALL, 're.DOTALL'],
  [VERBOSE, 're.VERBOSE'],
]

/** `re.IGNORECASE`: templates have no `|` of their own, so flags are added up. */
export class RegexFlag implements HostObject {
  readonly [py.typeName] = 'RegexFlag'

  constructor(readonly bits: number) {}

  [py.getattr](name: string): Value {
    return name === 'value' ? this.bits : undefined
  }

  [py.arithmetic](operator: ArithmeticOperator, other: Value): Value {
    return operator === '+' ? new RegexFlag(this.bits + flagBits(other)) : undefined
  }

  [py.eq](other: Value): boolean {
    return other instanceof RegexFlag ? other.bits === this.bits : other === this.bits
  }

  [py.hash](): string {
    return `flag${this.bits}`
  }

  [py.str](): string {
    return String(this.bits)
  }

  [py.repr](): string {
    return (
      NAMES.filter(([bit]) => this.bits & bit)
        .map(([, name]) => name)
        .join('|') || 're.NOFLAG'
    )
  }
}

/** The bits of a flags argument: a flag or an int. */
export function flagBits(value: Value): number {
  return value instanceof RegexFlag ? value.bits : Number(asInt(value) ?? 0)
}

/** Names of the flags set, as `repr` of a pattern shows them. */
export function flagNames(bits: number): string {
  return new RegexFlag(bits)[py.repr]()
}
