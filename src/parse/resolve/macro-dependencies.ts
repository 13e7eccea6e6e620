import type { MacroRegistry } from '../../context/index.js'
import { type DiagnosticBag, PlumbError } from '../../core/diagnostic.js'
import { macroCalls, type TemplateAst } from '../../jinja/index.js'
import type { MacroNode, UniqueId } from '../../manifest/index.js'

/** Names that are called in macros but are no macros: dbt's own context. */
export type IsContextName = (name: string) => boolean

/**
 * Fills in `depends_on.macros` of a macro from the calls its text holds, as dbt finds them without running it. What is
 * dispatched counts as the macro it ends at now.
 * @throws PlumbError for a dispatch that ends nowhere.
 */
export function linkMacro(macro: MacroNode, ast: TemplateAst, registry: MacroRegistry, isContext: IsContextName): void {
  const found: UniqueId[] = []
  const add = (packageName: string, name: string): void => {
    const called = registry.resolveStatic(packageName, name)
    if (called !== undefined && !found.includes(called.unique_id)) found.push(called.unique_id)
  }
  for (const call of macroCalls(ast)) {
    if (call.dispatch !== undefined) {
      const { name, namespace } = call.dispatch
      if (name === undefined) continue
      if (name !== macro.name) add(macro.package_name, name)
      const target = registry.dispatch(name, namespace ?? null, null)
      if (target.unique_id !== macro.unique_id) add(target.package_name, target.name)
      continue
    }
    if (call.name === macro.name || isContext(call.name) || call.name.startsWith('adapter.')) continue
    const [packageName, name] = splitName(call.name, macro.package_name)
    add(packageName, name)
  }
  if (found.length > 0) macro.depends_on.macros = found
}

function splitName(name: string, own: string): [packageName: string, name: string] {
  const dot = name.indexOf('.')
  return dot === -1 ? [own, name] : [name.slice(0, dot), name.slice(dot + 1)]
}

/** Links all macros; faults are collected, each with the macro it is in. */
export function linkMacros(
  macros: Iterable<{ readonly macro: MacroNode; readonly ast: TemplateAst }>,
  registry: MacroRegistry,
  isContext: IsContextName,
  bag: DiagnosticBag,
): void {
  for (const { macro, ast } of macros) {
    try {
      linkMacro(macro, ast, registry, isContext)
    } catch (error) {
      const subject = `macro ${macro.name} (${macro.original_file_path})`
      bag.capture(error instanceof PlumbError ? error.with({ nodeId: macro.unique_id, subject }) : error)
    }
  }
}
