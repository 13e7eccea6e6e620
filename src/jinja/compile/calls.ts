import type { CallNode } from '../ast.js'
import { type Frame, packPlace } from '../runtime/frame.js'
import { callMethod, callValue } from '../values/access.js'
import { type Kwargs, NO_KWARGS, type Value } from '../values/value.js'
import { compileArguments } from './arguments.js'
import { evaluateAll } from './promises.js'
import type { Compiler, Eval } from './types.js'

export function compileCall(node: CallNode, c: Compiler): Eval {
  return compileCallWith(node, c)
}

/** One more keyword argument, made anew for each call: the `caller` of a call block. */
export interface ExtraKeyword {
  readonly name: string
  make(frame: Frame): Value
}

/** Calls what was evaluated, with the values of its arguments. */
type Finish = (frame: Frame, target: Value, values: Value[]) => Value | Promise<Value>

export function compileCallWith(node: CallNode, c: Compiler, extra?: ExtraKeyword): Eval {
  const { callee } = node
  const { all, keywords } = compileArguments(node.call, c)
  const pos = packPlace(node.start, node.end)
  const kwargsOf = (f: Frame, values: Value[]): Kwargs => {
    const kwargs = keywords ? keywords(values) : NO_KWARGS
    return extra ? { ...kwargs, [extra.name]: extra.make(f) } : kwargs
  }
  let target: Eval
  let finish: Finish
  if (callee.kind === 'attribute') {
    const { name } = callee
    target = c.expression(callee.target)
    finish = (f, value, values) => {
      f.pos = pos
      return callMethod(value, name, values, kwargsOf(f, values), f.thread.undefinedMode)
    }
  } else {
    target = c.expression(callee)
    finish = (f, value, values) => {
      f.pos = pos
      return callValue(value, values, kwargsOf(f, values))
    }
  }
  return (f) => {
    const value = target(f)
    if (value instanceof Promise) return value.then((v) => withValues(f, all, v, finish))
    const values = evaluateAll(all, f)
    return values instanceof Promise ? values.then((v) => finish(f, value, v)) : finish(f, value, values)
  }
}

function withValues(f: Frame, all: readonly Eval[], target: Value, finish: Finish): Value | Promise<Value> {
  const values = evaluateAll(all, f)
  return values instanceof Promise ? values.then((v) => finish(f, target, v)) : finish(f, target, values)
}
