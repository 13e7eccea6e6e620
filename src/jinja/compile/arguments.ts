import type { CallArguments } from '../ast.js'
import { pyError } from '../values/errors.js'
import { tryIterate } from '../values/iterate.js'
import { isHostObject, isMapping, typeName } from '../values/kinds.js'
import { mappingEntries } from '../values/mapping.js'
import * as py from '../values/py.js'
import { requireDefined } from '../values/undefined.js'
import type { Kwargs, Value } from '../values/value.js'
import type { Compiler, Eval } from './types.js'

/** A call's arguments, compiled: evaluated one after another, then told apart. */
export interface ArgumentsPlan {
  readonly all: readonly Eval[]
  /** Takes the keyword arguments out of the values, leaving the positional ones; undefined when there are none. */
  readonly keywords: ((values: Value[]) => Kwargs) | undefined
}

/** Compiles the arguments of a call, filter or test. */
export function compileArguments(call: CallArguments, c: Compiler): ArgumentsPlan {
  const all = call.args.map((arg) => c.expression(arg))
  const count = all.length
  if (call.kwargs.length === 0 && !call.star && !call.doubleStar) return { all, keywords: undefined }
  const names = call.kwargs.map((k) => k.name)
  for (const kwarg of call.kwargs) all.push(c.expression(kwarg.value))
  if (call.star) all.push(c.expression(call.star))
  if (call.doubleStar) all.push(c.expression(call.doubleStar))
  const hasStar = call.star !== undefined
  const hasDoubleStar = call.doubleStar !== undefined
  return {
    all,
    keywords: (values) => {
      const kwargs: Record<string, Value> = {}
      let at = count
      for (const name of names) kwargs[name] = values[at++]
      const star = hasStar ? starItems(values[at++]) : undefined
      if (hasDoubleStar) addKeywords(kwargs, values[at])
      values.length = count
      if (star) for (const item of star) values.push(item)
      return kwargs
    },
  }
}

function starItems(value: Value): Iterable<Value> {
  const items = tryIterate(value)
  if (items === undefined) throw pyError('TypeError', `Value after * must be an iterable, not ${typeName(value)}`)
  return items
}

function addKeywords(kwargs: Record<string, Value>, value: Value): void {
  requireDefined(value)
  for (const [key, item] of keywordEntries(value)) {
    if (typeof key !== 'string') throw pyError('TypeError', 'keywords must be strings')
    if (Object.hasOwn(kwargs, key)) throw pyError('TypeError', `got multiple values for keyword argument '${key}'`)
    kwargs[key] = item
  }
}

function keywordEntries(value: Value): Iterable<[Value, Value]> {
  if (isMapping(value)) return mappingEntries(value)
  if (isHostObject(value) && value[py.iter] && value[py.getitem])
    return Array.from(value[py.iter](), (key): [Value, Value] => [key, value[py.getitem]?.(key)])
  throw pyError('TypeError', `argument after ** must be a mapping, not ${typeName(value)}`)
}
