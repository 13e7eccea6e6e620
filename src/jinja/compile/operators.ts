import type { BinaryNode, CompareNode, CompareOperator, LogicalNode, UnaryNode } from '../ast.js'
import { packPlace } from '../runtime/frame.js'
import { binaryOperation, unaryOperation } from '../values/arithmetic.js'
import { pyEquals } from '../values/equality.js'
import { isMember } from '../values/membership.js'
import { compareOrder } from '../values/ordering.js'
import { truthy } from '../values/truth.js'
import type { Value } from '../values/value.js'
import { chain, evaluatePair } from './promises.js'
import type { Compiler, Eval } from './types.js'

export function compileBinary(node: BinaryNode, c: Compiler): Eval {
  const { operator } = node
  const left = c.expression(node.left)
  const right = c.expression(node.right)
  const pos = packPlace(node.start, node.end)
  return (f) =>
    evaluatePair(left, right, f, (a, b) => {
      f.pos = pos
      return binaryOperation(operator, a, b)
    })
}

export function compileUnary(node: UnaryNode, c: Compiler): Eval {
  const { operator } = node
  const operand = c.expression(node.operand)
  if (operator === 'not') {
    return (f) => {
      const value = operand(f)
      return value instanceof Promise ? value.then((v) => !truthy(v)) : !truthy(value)
    }
  }
  const pos = packPlace(node.start, node.end)
  return (f) =>
    chain(operand(f), (value) => {
      f.pos = pos
      return unaryOperation(operator, value)
    })
}

export function compileLogical(node: LogicalNode, c: Compiler): Eval {
  const left = c.expression(node.left)
  const right = c.expression(node.right)
  const stopsAt = node.operator === 'or'
  return (f) => {
    const value = left(f)
    if (value instanceof Promise) return value.then((v) => (truthy(v) === stopsAt ? v : right(f)))
    return truthy(value) === stopsAt ? value : right(f)
  }
}

export function compileCompare(node: CompareNode, c: Compiler): Eval {
  const left = c.expression(node.left)
  const operands = node.operands.map(({ operator, value }) => ({ operator, value: c.expression(value) }))
  const pos = packPlace(node.start, node.end)
  const first = operands[0]!
  if (operands.length === 1) {
    return (f) =>
      evaluatePair(left, first.value, f, (a, b) => {
        f.pos = pos
        return compare(first.operator, a, b)
      })
  }
  const step = (f: Parameters<Eval>[0], a: Value, from: number): Value | Promise<Value> => {
    const operand = operands[from]!
    return chain(operand.value(f), (b) => {
      f.pos = pos
      if (!compare(operand.operator, a, b)) return false
      return from + 1 === operands.length ? true : step(f, b, from + 1)
    })
  }
  return (f) => chain(left(f), (a) => step(f, a, 0))
}

function compare(operator: CompareOperator, a: Value, b: Value): boolean {
  switch (operator) {
    case '==':
      return pyEquals(a, b)
    case '!=':
      return !pyEquals(a, b)
    case 'in':
      return isMember(a, b)
    case 'not in':
      return !isMember(a, b)
    default:
      return compareOrder(operator, a, b)
  }
}
