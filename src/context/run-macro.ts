import { fail } from '../core/diagnostic.js'
import { type Kwargs, RenderThread, type Value } from '../jinja/index.js'
import type { MacroNode } from '../manifest/index.js'
import { NodeScope } from './node-scope.js'

/**
 * Runs a macro by itself, as dbt's adapters do: it sees no node, only the project, but works on the same connection.
 * @param packageName looked for there only, when given.
 * @throws PlumbError when there is no such macro.
 */
export async function runMacro(
  scope: NodeScope,
  name: string,
  kwargs: Kwargs,
  packageName: string | null = null,
): Promise<Value> {
  const macro = scope.session.macros.find(name, packageName)
  if (macro === undefined) {
    const where = packageName === null ? 'any package' : `the "${packageName}" package`
    fail('runtime', 'macro-not-found', `dbt could not find a macro with the name "${name}" in ${where}`)
  }
  return macroScope(scope, macro, packageName).bind(macro)([], kwargs)
}

/** A scope for one macro, on the connection of `outer`; the calls under way stay visible in errors. */
function macroScope(outer: NodeScope, macro: MacroNode, packageName: string | null): NodeScope {
  const thread = new RenderThread({ undefinedMode: 'strict', maxDepth: outer.thread.maxDepth })
  thread.stack.push(...outer.macroStack)
  return new NodeScope(outer.kind.forMacros(), {
    session: outer.session,
    subject: macro,
    thread,
    localPackage: packageName ?? outer.session.rootPackage,
    connection: outer.connection,
    threadName: outer.parts.threadName,
    eventData: outer.parts.eventData,
  })
}
