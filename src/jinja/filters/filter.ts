import type { RenderThread, UndefinedMode } from '../runtime/thread.js'
import { getItem } from '../values/access.js'
import { bindArguments } from '../values/arguments.js'
import { Undefined } from '../values/undefined.js'
import type { Kwargs, Value } from '../values/value.js'

/** What a filter may know about the render it is called in. */
export interface FilterContext {
  readonly thread: RenderThread
  /** Native rendering: `as_bool` and its kin mark their value. */
  readonly native: boolean
}

/** `value | name(args)`. */
export type Filter = (value: Value, args: readonly Value[], kwargs: Kwargs, context: FilterContext) => Value

export type FilterTable = readonly (readonly [name: string, filter: Filter])[]

/** A filter whose arguments are bound to parameters by Python's rules; `defaults` are of those that may be left out. */
export function filterOf(
  name: string,
  params: readonly string[],
  defaults: Readonly<Record<string, Value>>,
  apply: (value: Value, bound: readonly Value[], context: FilterContext) => Value,
): Filter {
  const all = ['value', ...params]
  return (value, args, kwargs, context) => {
    const bound = bindArguments(`do_${name}`, all, [value, ...args], kwargs, defaults)
    return apply(value, bound.slice(1), context)
  }
}

/** Gets `attribute` (`'a.b'`, `'items.0'` or a position) out of an item. */
export function attributeGetter(attribute: Value, mode: UndefinedMode, fallback?: Value): (item: Value) => Value {
  const path: Value[] = attributePath(attribute)
  return (item) => {
    let value = item
    for (const part of path) {
      value = getItem(value, part, mode)
      if (fallback !== undefined && fallback !== null && value instanceof Undefined) value = fallback
    }
    return value
  }
}

/** Gets several attributes (`'a,b.c'`) as a list: a sort key. */
export function attributesGetter(attribute: Value, mode: UndefinedMode): (item: Value) => Value[] {
  const attributes = typeof attribute === 'string' ? attribute.split(',') : [attribute]
  const getters = attributes.map((a) => attributeGetter(a, mode))
  return (item) => getters.map((get) => get(item))
}

function attributePath(attribute: Value): Value[] {
  if (attribute === null || attribute === undefined) return []
  if (typeof attribute !== 'string') return [attribute]
  return attribute.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

/** Strings in lower case, everything else as it is: comparison without case. */
export function ignoreCase(value: Value): Value {
  return typeof value === 'string' ? value.toLowerCase() : value
}
