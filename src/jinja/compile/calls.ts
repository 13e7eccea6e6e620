import type { CallArguments, CallNode } from '../ast.js'
import { type Frame, packPlace } from '../runtime/frame.js'
import { callMethod, callValue } from '../values/access.js'
import { pyError } from '../values/errors.js'
import { tryIterate } from '../values/iterate.js'
import { isHostObject, isMapping, typeName } from '../values/kinds.js'
import { mappingEntries } from '../values/mapping.js'
import * as py from '../values/py.js'
import { isUndefined, requireDefined } from '../values/undefined.js'
import { type Kwargs, NO_KWARGS, type Value } from '../values/value.js'
import { evaluateAll } from './promises.js'
import type { Compiler, Eval } from './types.js'

/** Evaluates a call's arguments and hands them on. */
export type WithArguments = <R>(
  frame: Frame,
  use: (args: readonly Value[], kwargs: Kwargs) => R | Promise<R>,
) => R | Promise<R>

/** Compiles the arguments of a call, filter or test. `extra` names a keyword argument given by the engine (`caller`). */
export function compileArguments(call: CallArguments, c: Compiler): WithArguments {
  const positional = call.args.map((arg) => c.expression(arg))
  if (call.star || call.doubleStar) return spreadArguments(call, positional, c)
  if (call.kwargs.length === 0) {
    if (positional.length === 0) return (_f, use) => use([], NO_KWARGS)
    return (f, use) => {
      const args = evaluateAll(positional, f)
      return args instanceof Promise ? args.then((a) => use(a, NO_KWARGS)) : use(args, NO_KWARGS)
    }
  }
  const names = call.kwargs.map((k) => k.name)
  const all = positional.concat(call.kwargs.map((k) => c.expression(k.value)))
  const count = positional.length
  const split = <R>(values: Value[], use: (args: readonly Value[], kwargs: Kwargs) => R): R => {
    const kwargs: Record<string, Value> = {}
    for (let i = 0; i < names.length; i++) kwargs[names[i]!] = values[count + i]
    values.length = count
    return use(values, kwargs)
  }
  return (f, use) => {
    const values = evaluateAll(all, f)
    return values instanceof Promise ? values.then((v) => split(v, use)) : split(values, use)
  }
}

function spreadArguments(call: CallArguments, positional: readonly Eval[], c: Compiler): WithArguments {
  const star = call.star ? c.expression(call.star) : undefined
  const doubleStar = call.doubleStar ? c.expression(call.doubleStar) : undefined
  const names = call.kwargs.map((k) => k.name)
  const all = [...positional, ...call.kwargs.map((k) => c.expression(k.value))]
  if (star) all.push(star)
  if (doubleStar) all.push(doubleStar)
  const gather = <R>(values: Value[], use: (args: readonly Value[], kwargs: Kwargs) => R): R => {
    let at = positional.length
    const args = values.slice(0, at)
    const kwargs: Record<string, Value> = {}
    for (const name of names) kwargs[name] = values[at++]
    if (star) args.push(...starItems(values[at++]))
    if (doubleStar) addKeywords(kwargs, values[at])
    return use(args, kwargs)
  }
  return (f, use) => {
    const values = evaluateAll(all, f)
    return values instanceof Promise ? values.then((v) => gather(v, use)) : gather(values, use)
  }
}

function starItems(value: Value): Iterable<Value> {
  const items = tryIterate(value)
  if (items === undefined) throw pyError('TypeError', `Value after * must be an iterable, not ${typeName(value)}`)
  return items
}

function addKeywords(kwargs: Record<string, Value>, value: Value): void {
  if (isUndefined(value)) requireDefined(value)
  for (const [key, item] of keywordEntries(value)) {
    if (typeof key !== 'string') throw pyError('TypeError', 'keywords must be strings')
    if (Object.hasOwn(kwargs, key)) throw pyError('TypeError', `got multiple values for keyword argument '${key}'`)
    kwargs[key] = item
  }
}

function keywordEntries(value: Value): Iterable<[Value, Value]> {
  if (isMapping(value)) return mappingEntries(value)
  if (isHostObject(value) && value[py.iter] && value[py.getitem]) {
    return Array.from(value[py.iter](), (key): [Value, Value] => [key, value[py.getitem]?.(key)])
  }
  throw pyError('TypeError', `argument after ** must be a mapping, not ${typeName(value)}`)
}

export function compileCall(node: CallNode, c: Compiler): Eval {
  return compileCallWith(node, c)
}

/** A call with one more keyword argument, made anew each time: the `caller` of a call block. */
export function compileCallWith(
  node: CallNode,
  c: Compiler,
  extra?: { name: string; make: (f: Frame) => Value },
): Eval {
  const withArguments = compileArguments(node.call, c)
  const pos = packPlace(node.start, node.end)
  const complete = (f: Frame, kwargs: Kwargs): Kwargs => (extra ? { ...kwargs, [extra.name]: extra.make(f) } : kwargs)
  const { callee } = node
  if (callee.kind === 'attribute') {
    const target = c.expression(callee.target)
    const { name } = callee
    const call = (f: Frame, value: Value) =>
      withArguments(f, (args, kwargs) => {
        f.pos = pos
        return callMethod(value, name, args, complete(f, kwargs), f.thread.undefinedMode)
      })
    return (f) => {
      const value = target(f)
      return value instanceof Promise ? value.then((v) => call(f, v)) : call(f, value)
    }
  }
  const evaluate = c.expression(callee)
  const call = (f: Frame, value: Value) =>
    withArguments(f, (args, kwargs) => {
      f.pos = pos
      return callValue(value, args, complete(f, kwargs))
    })
  return (f) => {
    const value = evaluate(f)
    return value instanceof Promise ? value.then((v) => call(f, v)) : call(f, value)
  }
}
