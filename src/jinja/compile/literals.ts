import type { ConditionNode, ConstNode, DictNode, SequenceNode, SliceNode } from '../ast.js'
import { placeOf } from '../syntax/source-text.js'
import { mappingSet } from '../values/mapping.js'
import { PySlice } from '../values/slice.js'
import { toStr } from '../values/text.js'
import { truthy } from '../values/truth.js'
import { tuple } from '../values/tuple.js'
import { Undefined } from '../values/undefined.js'
import type { Value } from '../values/value.js'
import { chain, evaluateAll } from './promises.js'
import type { Compiler, Eval } from './types.js'

export function compileConst(node: ConstNode): Eval {
  const { value } = node
  return () => value
}

export function compileSequence(node: SequenceNode, c: Compiler): Eval {
  const items = node.items.map((item) => c.expression(item))
  if (node.kind === 'list') return (f) => evaluateAll(items, f)
  if (node.kind === 'tuple') return (f) => chain<Value[], Value>(evaluateAll(items, f), tuple)
  return (f) => chain<Value[], Value>(evaluateAll(items, f), concat)
}

function concat(values: readonly Value[]): string {
  let out = ''
  for (const value of values) out += toStr(value)
  return out
}

export function compileDict(node: DictNode, c: Compiler): Eval {
  const parts = node.items.flatMap((item) => [c.expression(item.key), c.expression(item.value)])
  return (f) => chain<Value[], Value>(evaluateAll(parts, f), dictOf)
}

function dictOf(parts: readonly Value[]): Map<Value, Value> {
  const map = new Map<Value, Value>()
  for (let i = 0; i < parts.length; i += 2) mappingSet(map, parts[i], parts[i + 1])
  return map
}

export function compileSlice(node: SliceNode, c: Compiler): Eval {
  const none: Eval = () => null
  const parts = [node.from, node.to, node.step].map((part) => (part ? c.expression(part) : none))
  return (f) => chain<Value[], Value>(evaluateAll(parts, f), ([from, to, step]) => new PySlice(from, to, step))
}

export function compileCondition(node: ConditionNode, c: Compiler): Eval {
  const soft = c.with({ soft: true })
  const test = c.expression(node.test)
  const value = soft.expression(node.value)
  const otherwise = node.otherwise ? soft.expression(node.otherwise) : noElse(node, c)
  return (f) => {
    const answer = test(f)
    if (answer instanceof Promise) return answer.then((a) => (truthy(a) ? value(f) : otherwise(f)))
    return truthy(answer) ? value(f) : otherwise(f)
  }
}

/** What `x if y` is when y does not hold: strictly undefined, whatever the mode. */
function noElse(node: ConditionNode, c: Compiler): Eval {
  const { line } = placeOf(c.text, node.start, node.end)
  const message = `the inline if-expression on line ${line} evaluated to false and no else section was defined.`
  const nothing = new Undefined('strict', undefined, message)
  return () => nothing
}
