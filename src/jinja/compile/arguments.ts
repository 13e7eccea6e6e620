import type { CallArguments } from '../ast.js'
import type { Frame, PackedPlace } from '../runtime/frame.js'
import { pyError } from '../values/errors.js'
import { tryIterate } from '../values/iterate.js'
import { isHostObject, isMapping, typeName } from '../values/kinds.js'
import { mappingEntries } from '../values/mapping.js'
import * as py from '../values/py.js'
import { requireDefined } from '../values/undefined.js'
import { type Kwargs, NO_KWARGS, type Value } from '../values/value.js'
import { chain, evaluateAll } from './promises.js'
import type { Compiler, Eval } from './types.js'

/** What a call gets. */
export interface CallValues {
  readonly args: readonly Value[]
  readonly kwargs: Kwargs
}

/** Evaluates a call's arguments, in the order they are written. */
export type EvaluateArguments = (frame: Frame) => CallValues | Promise<CallValues>

/** Compiles the arguments of a call, filter or test, which stands at `pos`. */
export function compileArguments(call: CallArguments, c: Compiler, pos: PackedPlace): EvaluateArguments {
  const positional = call.args.map((arg) => c.expression(arg))
  if (call.star || call.doubleStar) return spreadArguments(call, positional, c, pos)
  if (call.kwargs.length === 0) {
    if (positional.length === 0) return () => NOTHING
    return (f) => {
      const args = evaluateAll(positional, f)
      return args instanceof Promise ? args.then((a) => ({ args: a, kwargs: NO_KWARGS })) : { args, kwargs: NO_KWARGS }
    }
  }
  const names = call.kwargs.map((k) => k.name)
  const named = call.kwargs.map((k) => c.expression(k.value))
  return (f) => {
    const args = positional.length === 0 ? NO_ARGS : evaluateAll(positional, f)
    if (args instanceof Promise) return args.then((a) => withKeywords(f, a, names, named))
    return withKeywords(f, args, names, named)
  }
}

const NO_ARGS: readonly Value[] = []
const NOTHING: CallValues = { args: NO_ARGS, kwargs: NO_KWARGS }

function withKeywords(
  f: Frame,
  args: readonly Value[],
  names: readonly string[],
  named: readonly Eval[],
): CallValues | Promise<CallValues> {
  const kwargs: Record<string, Value> = {}
  for (let i = 0; i < names.length; i++) {
    const value = named[i]!(f)
    if (value instanceof Promise) return remainingKeywords(f, { args, kwargs }, names, named, i, value)
    kwargs[names[i]!] = value
  }
  return { args, kwargs }
}

async function remainingKeywords(
  f: Frame,
  call: { args: readonly Value[]; kwargs: Record<string, Value> },
  names: readonly string[],
  named: readonly Eval[],
  from: number,
  pending: Promise<Value>,
): Promise<CallValues> {
  call.kwargs[names[from]!] = await pending
  for (let i = from + 1; i < names.length; i++) call.kwargs[names[i]!] = await named[i]!(f)
  return call
}

/** Arguments with `*` or `**` among them. */
function spreadArguments(
  call: CallArguments,
  positional: readonly Eval[],
  c: Compiler,
  pos: PackedPlace,
): EvaluateArguments {
  const names = call.kwargs.map((k) => k.name)
  const all = [...positional, ...call.kwargs.map((k) => c.expression(k.value))]
  if (call.star) all.push(c.expression(call.star))
  if (call.doubleStar) all.push(c.expression(call.doubleStar))
  const hasStar = call.star !== undefined
  const hasDoubleStar = call.doubleStar !== undefined
  return (f) =>
    chain<Value[], CallValues>(evaluateAll(all, f), (values) => {
      f.pos = pos
      let at = positional.length
      const args = values.slice(0, at)
      const kwargs: Record<string, Value> = {}
      for (const name of names) kwargs[name] = values[at++]
      if (hasStar) for (const item of starItems(values[at++])) args.push(item)
      if (hasDoubleStar) addKeywords(kwargs, values[at])
      return { args, kwargs }
    })
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
