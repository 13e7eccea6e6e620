import type { Expression } from '../ast.js'
import { unaryOperation } from '../values/arithmetic.js'
import { mappingSet } from '../values/mapping.js'
import { tuple } from '../values/tuple.js'
import type { Value } from '../values/value.js'

/** The value of an expression made of literals only; undefined for anything else. */
export function literalValue(node: Expression): { value: Value } | undefined {
  switch (node.kind) {
    case 'const':
      return { value: node.value }
    case 'list':
    case 'tuple': {
      const items: Value[] = []
      for (const item of node.items) {
        const literal = literalValue(item)
        if (!literal) return undefined
        items.push(literal.value)
      }
      return { value: node.kind === 'list' ? items : tuple(items) }
    }
    case 'dict': {
      const map = new Map<Value, Value>()
      for (const item of node.items) {
        const key = literalValue(item.key)
        const value = literalValue(item.value)
        if (!key || !value) return undefined
        mappingSet(map, key.value, value.value)
      }
      return { value: map }
    }
    case 'unary': {
      const operand = literalValue(node.operand)
      if (node.operator === 'not' || typeof operand?.value !== 'number') return undefined
      return { value: unaryOperation(node.operator, operand.value) }
    }
    default:
      return undefined
  }
}
