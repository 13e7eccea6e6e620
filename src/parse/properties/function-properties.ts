import type { FunctionArgument, FunctionNode, ParsedNode } from '../../manifest/index.js'
import type { Data, NodeProperties } from './node-properties.js'

/** Sets what only functions have: arguments and what they return. */
export function functionProperties(node: ParsedNode, { data }: NodeProperties): void {
  if (node.resource_type !== 'function') return
  const target = node as unknown as FunctionNode
  const returns = data['returns'] as Data
  target.returns = {
    data_type: returns['data_type'] as string,
    description: (returns['description'] as string | undefined) ?? null,
  }
  target.arguments = ((data['arguments'] ?? []) as Data[]).map(
    (argument) =>
      ({
        name: argument['name'] as string,
        data_type: argument['data_type'] as string,
        description: (argument['description'] as string | undefined) ?? null,
        default_value: argument['default_value'] ?? null,
      }) as FunctionArgument,
  )
}
