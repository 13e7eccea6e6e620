import type { UndefinedMode } from '../runtime/thread.js'
import { pyError } from './errors.js'
import { PyFloat } from './float.js'
import { functionInfo } from './function-info.js'
import { isHostObject, isMapping, typeName } from './kinds.js'
import { type Mapping, mappingGet, mappingHas, mappingKeys } from './mapping.js'
import { DICT_METHODS } from './methods/dict.js'
import { LIST_METHODS, TUPLE_METHODS } from './methods/list.js'
import type { Method } from './methods/method.js'
import { NUMBER_METHODS, numberAttribute } from './methods/number.js'
import { SET_METHODS } from './methods/set.js'
import { STRING_METHODS } from './methods/string.js'
import { asInt, asNumeric } from './numbers.js'
import * as py from './py.js'
import { PySet } from './set.js'
import { PySlice, sliceOf } from './slice.js'
import { formatStr } from './str-format.js'
import { toRepr } from './text.js'
import { PyTuple, tuple } from './tuple.js'
import { HOST_UNDEFINED, Undefined } from './undefined.js'
import { type HostFunction, type Kwargs, NO_KWARGS, type Value } from './value.js'

const formatMethod: Method<string> = (self, args, kwargs) => formatStr(self, args, kwargs, { getAttr, getItem })

const formatMapMethod: Method<string> = (self, args) => {
  const names: Record<string, Value> = {}
  if (isMapping(args[0])) for (const key of mappingKeys(args[0])) names[String(key)] = mappingGet(args[0], key)
  return formatStr(self, [], names, { getAttr, getItem })
}

/** The method of a built-in type by name, ready to be called with `value` as its self. */
function methodOf(value: Value, name: string): Method<never> | undefined {
  if (typeof value === 'string') {
    if (name === 'format') return formatMethod as Method<never>
    if (name === 'format_map') return formatMapMethod as Method<never>
    return STRING_METHODS.get(name) as Method<never> | undefined
  }
  if (value instanceof PyTuple) return TUPLE_METHODS.get(name) as Method<never> | undefined
  if (Array.isArray(value)) return LIST_METHODS.get(name) as Method<never> | undefined
  if (value instanceof PySet) return SET_METHODS.get(name) as Method<never> | undefined
  if (value instanceof PyFloat || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return NUMBER_METHODS.get(name) as Method<never> | undefined
  return isMapping(value) ? (DICT_METHODS.get(name) as Method<never> | undefined) : undefined
}

/** Methods of the built-in types that take keyword arguments. */
const TAKE_KEYWORDS = new Set(['encode', 'expandtabs', 'format', 'rsplit', 'sort', 'split', 'splitlines', 'update'])

/** Methods of the built-in types that take no arguments at all. */
const TAKE_NOTHING = new Set([
  'capitalize',
  'casefold',
  'clear',
  'copy',
  'items',
  'keys',
  'lower',
  'popitem',
  'reverse',
  'swapcase',
  'title',
  'upper',
  'values',
])

function invoke(value: Value, name: string, method: Method<never>, args: readonly Value[], kwargs: Kwargs): Value {
  if (kwargs !== NO_KWARGS && !TAKE_KEYWORDS.has(name) && Object.keys(kwargs).length > 0)
    throw pyError('TypeError', `${typeName(value)}.${name}() takes no keyword arguments`)
  if (args.length > 0 && TAKE_NOTHING.has(name))
    throw pyError('TypeError', `${typeName(value)}.${name}() takes no arguments (${args.length} given)`)
  return method(value as never, args, kwargs)
}

function bound(value: Value, name: string, method: Method<never>): Value {
  return (args, kwargs) => invoke(value, name, method, args, kwargs)
}

function isDunder(name: string): boolean {
  return name.startsWith('__') && name.endsWith('__')
}

/** `value.name` as templates see it: the attribute, else the item of that name, else Undefined. */
export function getAttr(value: Value, name: string, mode: UndefinedMode = 'strict'): Value {
  if (isHostObject(value)) {
    const attribute = value[py.getattr](name)
    if (attribute !== undefined) return name.startsWith('_') ? unsafeAttribute(value, name, mode) : attribute
    const item = value[py.getitem]?.(name)
    return item === undefined ? missing(value, name, mode) : item
  }
  if (value === undefined || value instanceof Undefined) return ofUndefined(value, name, mode)
  if (typeof value === 'function') return ofFunction(value, name, mode)
  const method = methodOf(value, name)
  if (method !== undefined) return bound(value, name, method)
  if (isDunder(name) && !(isMapping(value) && mappingHas(value, name))) return unsafeAttribute(value, name, mode)
  if (isMapping(value)) {
    const item = mappingGet(value, name)
    return item === undefined ? missing(value, name, mode) : item
  }
  const numeric = asNumeric(value)
  const attribute = numeric === undefined ? undefined : numberAttribute(numeric, name)
  return attribute === undefined ? missing(value, name, mode) : attribute
}

/** `value[key]` as templates see it: the item, else the attribute of that name, else Undefined. */
export function getItem(value: Value, key: Value, mode: UndefinedMode = 'strict'): Value {
  if (value === undefined || value instanceof Undefined) return ofUndefined(value, key, mode)
  const item = subscript(value, key)
  if (item !== undefined) return item
  if (typeof key !== 'string') return missing(value, key, mode)
  if (isHostObject(value)) {
    const attribute = value[py.getattr](key)
    if (attribute === undefined) return missing(value, key, mode)
    return key.startsWith('_') ? unsafeAttribute(value, key, mode) : attribute
  }
  const method = methodOf(value, key)
  if (method) return bound(value, key, method)
  return isDunder(key) ? unsafeAttribute(value, key, mode) : missing(value, key, mode)
}

/** `value[key]` itself: undefined where Python raises a TypeError or LookupError. */
function subscript(value: Value, key: Value): Value {
  if (isMapping(value)) return typeof key === 'string' ? mappingGet(value, key) : itemOfMapping(value, key)
  if (key instanceof PySlice) return sliceOf(value, key)
  if (isHostObject(value)) return value[py.getitem]?.(key)
  if (typeof value !== 'string' && !Array.isArray(value)) return undefined
  const index = asInt(key)
  if (index === undefined) return undefined
  const at = Number(index)
  if (Array.isArray(value)) return value[at < 0 ? at + value.length : at]
  const text = /[\ud800-\udfff]/.test(value) ? Array.from(value) : value
  return text[at < 0 ? at + text.length : at]
}

function itemOfMapping(map: Mapping, key: Value): Value {
  const hashable = !Array.isArray(key) || key instanceof PyTuple
  return hashable && !(key instanceof PySet) && !isMapping(key) && !(key instanceof PySlice)
    ? mappingGet(map, key)
    : undefined
}

function ofUndefined(value: Undefined | undefined, name: Value, mode: UndefinedMode): Value {
  if (value === undefined) {
    if (mode === 'strict') throw HOST_UNDEFINED.error()
    return new Undefined('chain', typeof name === 'string' ? name : undefined, HOST_UNDEFINED.message)
  }
  if (value.mode === 'strict') throw value.error()
  // dbt's chaining Undefined is an object with these attributes of its own.
  if (name === 'name') return value.name ?? null
  if (name === 'hint' || name === 'node') return null
  return typeof name === 'string' ? new Undefined('chain', name, `'${name}' is undefined`) : value
}

/** Macros are functions with attributes. */
function ofFunction(value: HostFunction, name: string, mode: UndefinedMode): Value {
  const info = functionInfo(value)
  if (name === 'name' && info) return info.name
  return name === 'arguments' && info ? tuple(info.argumentNames) : missing(value, name, mode)
}

function missing(value: Value, name: Value, mode: UndefinedMode): Undefined {
  const owner = value === null ? 'None' : `${typeName(value)} object`
  if (typeof name !== 'string') return new Undefined(mode, undefined, `${quoted(owner)} has no element ${toRepr(name)}`)
  const candidates = isMapping(value) ? () => Array.from(mappingKeys(value), String) : undefined
  return new Undefined(mode, name, `${quoted(owner)} has no attribute ${toRepr(name)}`, candidates)
}

function quoted(owner: string): string {
  return owner === 'None' ? "'None'" : `'${owner}'`
}

function unsafeAttribute(value: Value, name: string, mode: UndefinedMode): Undefined {
  return new Undefined(mode, name, `access to attribute '${name}' of '${typeName(value)}' object is unsafe.`)
}

/** `callee(*args, **kwargs)`. Throws for what is undefined or cannot be called. */
export function callValue(callee: Value, args: readonly Value[], kwargs: Kwargs): Value | Promise<Value> {
  if (typeof callee === 'function') return callee(args, kwargs)
  if (isHostObject(callee)) {
    const call = callee[py.call]
    if (call) return call.call(callee, args, kwargs)
  }
  if (callee === undefined) throw HOST_UNDEFINED.error()
  if (callee instanceof Undefined) {
    if (callee.mode === 'chain') return callee
    throw callee.error()
  }
  throw pyError('TypeError', `'${typeName(callee)}' object is not callable`)
}

/** `value.name(*args, **kwargs)`, without making a bound method first. */
export function callMethod(
  value: Value,
  name: string,
  args: readonly Value[],
  kwargs: Kwargs,
  mode: UndefinedMode,
): Value | Promise<Value> {
  const method = isHostObject(value) ? undefined : methodOf(value, name)
  return method ? invoke(value, name, method, args, kwargs) : callValue(getAttr(value, name, mode), args, kwargs)
}
