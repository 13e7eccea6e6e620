import type { PyFloat } from './float.js'
import type * as py from './py.js'
import type { PySet } from './set.js'
import type { PyTuple } from './tuple.js'
import type { Undefined } from './undefined.js'

/**
 * Everything a template can hold. Python's types map to: None `null`; bool and str themselves; int an integer number,
 * or a bigint beyond 2^53; float {@link PyFloat} (a fractional number from the host counts as one too); list an Array;
 * tuple {@link PyTuple}; dict a Map or a plain object; set {@link PySet}; a function {@link HostFunction}; any other
 * object a {@link HostObject}. JS `undefined` from the host is read as {@link Undefined}.
 */
export type Value =
  | undefined
  | null
  | boolean
  | string
  | number
  | bigint
  | PyFloat
  | Value[]
  | readonly Value[]
  | PyTuple
  | ValueMap
  | PlainObject
  | PySet
  | HostFunction
  | HostObject
  | Undefined

/** A dict with keys of any kind, in insertion order. */
export interface ValueMap extends Map<Value, Value> {}

/** A dict with string keys that comes from JSON: read, written and iterated in place. */
export interface PlainObject {
  [key: string]: Value
}

/** Keyword arguments of a call. */
export type Kwargs = Readonly<Record<string, Value>>

/** For calls without keyword arguments. */
export const NO_KWARGS: Kwargs = Object.freeze({})

/** A function templates may call. It gets the arguments unbound; `bindArguments` gives Python's binding rules. */
export type HostFunction = (args: readonly Value[], kwargs: Kwargs) => Value | Promise<Value>

/** The operators `py.arithmetic` is asked for. */
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**'

/** An object with attributes: relations, columns, `adapter`, `config`, dates, tables. */
export interface HostObject {
  [py.getattr](name: string): Value
  [py.getitem]?(key: Value): Value
  [py.setattr]?(name: string, value: Value): void
  [py.setitem]?(key: Value, value: Value): void
  [py.call]?(args: readonly Value[], kwargs: Kwargs): Value | Promise<Value>
  [py.str]?(): string
  [py.repr]?(): string
  [py.iter]?(): Iterable<Value>
  [py.len]?(): number
  [py.bool]?(): boolean
  [py.eq]?(other: Value): boolean
  [py.lt]?(other: Value): boolean | undefined
  [py.hash]?(): string
  [py.contains]?(value: Value): boolean
  [py.arithmetic]?(operator: ArithmeticOperator, other: Value, reflected: boolean): Value
  [py.format]?(spec: string): string
  [py.number]?(): number
  readonly [py.mapping]?: boolean
  readonly [py.typeName]?: string
}
