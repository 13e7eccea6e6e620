import type { CallNode } from '../ast.js'
import { type Frame, packPlace } from '../runtime/frame.js'
import { callMethod, callValue } from '../values/access.js'
import type { Kwargs, Value } from '../values/value.js'
import { type CallValues, compileArguments, type EvaluateArguments } from './arguments.js'
import type { Compiler, Eval } from './types.js'

export function compileCall(node: CallNode, c: Compiler): Eval {
  return compileCallWith(node, c)
}

/** One more keyword argument, made anew for each call: the `caller` of a call block. */
export interface ExtraKeyword {
  readonly name: string
  make(frame: Frame): Value
}

/** Calls what was evaluated. */
type Finish = (frame: Frame, target: Value, call: CallValues) => Value | Promise<Value>

export function compileCallWith(node: CallNode, c: Compiler, extra?: ExtraKeyword): Eval {
  const { callee } = node
  const pos = packPlace(node.start, node.end)
  const evaluate = compileArguments(node.call, c, pos)
  const complete = (f: Frame, kwargs: Kwargs): Kwargs => (extra ? { ...kwargs, [extra.name]: extra.make(f) } : kwargs)
  let target: Eval
  let finish: Finish
  if (callee.kind === 'attribute') {
    const { name } = callee
    target = c.expression(callee.target)
    finish = (f, value, { args, kwargs }) => {
      f.pos = pos
      return callMethod(value, name, args, complete(f, kwargs), f.thread.undefinedMode)
    }
  } else {
    target = c.expression(callee)
    finish = (f, value, { args, kwargs }) => {
      f.pos = pos
      return callValue(value, args, complete(f, kwargs))
    }
  }
  return applied(target, evaluate, finish)
}

/** Evaluates a value and the arguments that go with it, and hands them on. */
export function applied(target: Eval, evaluate: EvaluateArguments, finish: Finish): Eval {
  const withCall = (f: Frame, value: Value): Value | Promise<Value> => {
    const call = evaluate(f)
    return call instanceof Promise ? call.then((values) => finish(f, value, values)) : finish(f, value, call)
  }
  return (f) => {
    const value = target(f)
    return value instanceof Promise ? value.then((v) => withCall(f, v)) : withCall(f, value)
  }
}
