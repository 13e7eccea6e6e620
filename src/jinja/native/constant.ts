import type { CallArguments, Expression } from '../ast.js'
import { DICT_METHODS } from '../values/methods/dict.js'

/** Filters that need the render's context, which jinja2 does not fold. */
const CONTEXT_FILTERS = new Set(['map', 'select', 'reject', 'selectattr', 'rejectattr', 'random'])
/** Filters whose result is no plain constant. */
const UNSAFE_RESULTS = new Set([
  'as_text',
  'as_bool',
  'as_native',
  'as_number',
  'batch',
  'slice',
  'unique',
  'items',
  'groupby',
  'reverse',
])

/**
 * Whether jinja2 computes an output at compile time. What it folds it prints as text, also in native rendering, where
 * everything else keeps its type: `{{ 1 }}` is '1' and `{{ x }}` the number.
 */
export function isConstantExpression(node: Expression): boolean {
  switch (node.kind) {
    case 'const':
      return true
    case 'list':
    case 'tuple':
    case 'concat':
      return node.items.every(isConstantExpression)
    case 'dict':
      return node.items.every((item) => isConstantExpression(item.key) && isConstantExpression(item.value))
    case 'unary':
      return isConstantExpression(node.operand)
    case 'binary':
    case 'logical':
      return isConstantExpression(node.left) && isConstantExpression(node.right)
    case 'compare':
      return isConstantExpression(node.left) && node.operands.every((o) => isConstantExpression(o.value))
    case 'condition':
      return (
        isConstantExpression(node.test) &&
        isConstantExpression(node.value) &&
        node.otherwise !== undefined &&
        isConstantExpression(node.otherwise)
      )
    case 'attribute':
      return node.target.kind === 'dict' && !DICT_METHODS.has(node.name) && isConstantExpression(node.target)
    case 'item':
      return isConstantExpression(node.target) && isConstantExpression(node.key)
    case 'slice':
      return [node.from, node.to, node.step].every((part) => part === undefined || isConstantExpression(part))
    case 'filter':
      if (CONTEXT_FILTERS.has(node.name) || UNSAFE_RESULTS.has(node.name)) return false
      return node.target !== undefined && isConstantExpression(node.target) && isConstantCall(node.call)
    case 'test':
      return isConstantExpression(node.target) && isConstantCall(node.call)
    default:
      return false
  }
}

function isConstantCall(call: CallArguments): boolean {
  return (
    call.args.every(isConstantExpression) &&
    call.kwargs.every((k) => isConstantExpression(k.value)) &&
    (call.star === undefined || isConstantExpression(call.star)) &&
    (call.doubleStar === undefined || isConstantExpression(call.doubleStar))
  )
}
