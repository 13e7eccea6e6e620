import type { CallNode, DoNode, Expression, OutputNode, TextNode } from '../ast.js'
import { isConstantExpression } from '../native/constant.js'
import { type Frame, packPlace } from '../runtime/frame.js'
import { RETURN_FUNCTION } from '../runtime/return.js'
import { callValue } from '../values/access.js'
import { toStr } from '../values/text.js'
import { NO_KWARGS, type Value } from '../values/value.js'
import { chain } from './promises.js'
import { type Compiler, type Completion, type Eval, type Exec, NORMAL, RETURN } from './types.js'

export function compileText(node: TextNode, c: Compiler): Exec {
  const { text } = node
  if (c.native) {
    return (f) => {
      f.parts!.push(text)
      return NORMAL
    }
  }
  return (f) => {
    f.out += text
    return NORMAL
  }
}

export function compileOutput(node: OutputNode, c: Compiler): Exec {
  const early = earlyReturn(node.value, c)
  if (early) return early
  const value = c.expression(node.value)
  const pos = packPlace(node.start, node.end)
  if (c.native) return nativeOutput(value, isConstantExpression(node.value))
  const print = (f: Frame, v: Value): Completion => {
    if (typeof v === 'string') f.out += v
    else {
      f.pos = pos
      f.out += toStr(v)
    }
    return NORMAL
  }
  return (f) => {
    const v = value(f)
    return v instanceof Promise ? v.then((x) => print(f, x)) : print(f, v)
  }
}

/** Native outputs stay values; what jinja2 folds at compile time becomes text there, so it does here. */
function nativeOutput(value: Eval, constant: boolean): Exec {
  const keep = (f: Frame, v: Value): Completion => {
    f.parts!.push(constant ? toStr(v) : v)
    return NORMAL
  }
  return (f) => {
    const v = value(f)
    return v instanceof Promise ? v.then((x) => keep(f, x)) : keep(f, v)
  }
}

export function compileDo(node: DoNode, c: Compiler): Exec {
  const early = earlyReturn(node.value, c)
  if (early) return early
  const value = c.expression(node.value)
  return (f) => {
    const v = value(f)
    return v instanceof Promise ? v.then(() => NORMAL) : NORMAL
  }
}

/** `{{ return(x) }}` and `{% do return(x) %}` of a macro: ends the body without throwing. */
function earlyReturn(node: Expression, c: Compiler): Exec | undefined {
  if (!c.inMacro || !isPlainReturn(node)) return undefined
  const callee = c.expression(node.callee)
  const value = c.expression(node.call.args[0]!)
  const pos = packPlace(node.start, node.end)
  const leave = (f: Frame, v: Value): Completion | Promise<Completion> => {
    const called = callee(f)
    if (called === RETURN_FUNCTION) {
      f.returned = v
      return RETURN
    }
    f.pos = pos
    return chain(
      chain(called, (fn) => callValue(fn, [v], NO_KWARGS)),
      (result): Completion => {
        f.out += toStr(result)
        return NORMAL
      },
    )
  }
  return (f) => chain(value(f), (v) => leave(f, v))
}

function isPlainReturn(node: Expression): node is CallNode {
  return (
    node.kind === 'call' &&
    node.callee.kind === 'name' &&
    node.callee.name === 'return' &&
    node.call.args.length === 1 &&
    node.call.kwargs.length === 0 &&
    node.call.star === undefined &&
    node.call.doubleStar === undefined
  )
}
