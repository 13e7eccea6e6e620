import { fail } from '../../core/diagnostic.js'
import type { CompiledNode, ParsedNode, UniqueId } from '../../manifest/index.js'
import type { Captured } from './captured.js'

/**
 * Adds what a template was found to use to its node. Repeated references stay repeated, macros are listed once.
 * @throws PlumbError for a seed whose hook references a node: seeds are roots.
 */
export function addCaptured(node: ParsedNode, captured: Captured): void {
  const macros = [...captured.macros]
  if (node.resource_type === 'seed') {
    if (captured.refs.length + captured.sources.length + captured.metrics.length > 0) failSeed(node)
    if (macros.length > 0) addMacros(node, macros)
    return
  }
  const compiled = node as CompiledNode
  if (captured.refs.length > 0) compiled.refs = [...compiled.refs, ...captured.refs]
  if (captured.sources.length > 0) {
    compiled.sources = [...compiled.sources, ...captured.sources.map(([s, t]): [string, string] => [s, t])]
  }
  if (captured.metrics.length > 0) compiled.metrics = [...compiled.metrics, ...captured.metrics.map((m) => [...m])]
  if (captured.functions.length > 0) {
    compiled.functions = [...compiled.functions, ...captured.functions.map((f) => [...f])]
  }
  if (macros.length > 0) addMacros(node, macros)
}

function addMacros(node: ParsedNode, macros: readonly UniqueId[]): void {
  const { depends_on } = node as ParsedNode & { depends_on: { macros: UniqueId[] } }
  depends_on.macros = [...new Set([...depends_on.macros, ...macros])]
}

function failSeed(node: ParsedNode): never {
  const hooks = [
    ...(node.config['pre-hook'] ?? []).map((hook) => `- pre_hook: "${hook.sql}"`),
    ...(node.config['post-hook'] ?? []).map((hook) => `- post_hook: "${hook.sql}"`),
  ]
  fail(
    'parsing',
    'seed-with-dependencies',
    'Seeds cannot depend on other nodes. dbt detected a seed with a pre- or post-hook\n' +
      "that calls 'ref', 'source', or 'metric', either directly or indirectly via other macros.\n\n" +
      `Error raised for '${node.unique_id}', which has these hooks defined: \n${hooks.join('\n')}`,
  )
}
