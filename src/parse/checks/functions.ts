import { diagnostic } from '../../core/diagnostic.js'
import { describeNode } from '../../manifest/index.js'
import type { ParseState } from '../state.js'

/** Arguments without a default cannot follow those with one. */
export function checkFunctions({ manifest, bag }: ParseState): void {
  for (const node of Object.values(manifest.functions)) {
    const first = node.arguments.findIndex((argument) => hasDefault(argument))
    const late = first === -1 ? undefined : node.arguments.slice(first).find((argument) => !hasDefault(argument))
    if (late === undefined) continue
    const message =
      `Non-defaulted argument '${late.name}' of function '${node.name}' comes after a defaulted argument. ` +
      'Non-defaulted arguments cannot come after defaulted arguments. '
    bag.add(
      diagnostic('parsing', 'function-arguments', message, { nodeId: node.unique_id, subject: describeNode(node) }),
    )
  }
}

function hasDefault(argument: { readonly default_value?: unknown }): boolean {
  return argument.default_value !== null && argument.default_value !== undefined
}
