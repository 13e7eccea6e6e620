import type { CallNode, Expression } from '../../jinja/index.js'
import { literalArguments } from './literals.js'

/** Is it `adapter.dispatch(...)`? */
export function isDispatch(expression: Expression): expression is CallNode {
  if (expression.kind !== 'call') return false
  const { callee } = expression
  return (
    callee.kind === 'attribute' &&
    callee.name === 'dispatch' &&
    callee.target.kind === 'name' &&
    callee.target.name === 'adapter'
  )
}

/** What `adapter.dispatch('name', 'namespace')` asks for; undefined when that is computed. */
export function dispatchArguments(node: CallNode): { name: string; namespace: string | null } | undefined {
  const given = literalArguments(node.call)
  if (given === undefined || given.args.length > 2) return undefined
  const name = given.kwargs['macro_name'] ?? given.args[0]
  const namespace = given.kwargs['macro_namespace'] ?? given.args[1] ?? null
  if (typeof name !== 'string' || (namespace !== null && typeof namespace !== 'string')) return undefined
  return { name, namespace }
}
