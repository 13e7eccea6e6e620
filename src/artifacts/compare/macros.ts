import { fail } from '../../core/diagnostic.js'
import { describeNode, type GraphNode, type Manifest, type UniqueId } from '../../manifest/index.js'

/** Tells whether a resource uses a macro, directly or through others, that was changed, added or removed. */
export type MacrosChanged = (node: GraphNode) => boolean

/**
 * Compares the macros of two manifests. Built-in ones belong to the tool, not to the project: an upgrade, or a state
 * written by dbt itself, must not make every resource modified.
 */
export function compareMacros(now: Manifest, before: Manifest, builtin: ReadonlySet<string>): MacrosChanged {
  const changed = new Set<UniqueId>()
  const all = { ...before.macros, ...now.macros }
  for (const id in all) {
    if (builtin.has(all[id]!.package_name)) continue
    if (now.macros[id]?.macro_sql !== before.macros[id]?.macro_sql) changed.add(id)
  }
  if (changed.size === 0) return () => false

  const users = new Map<UniqueId, UniqueId[]>()
  for (const macro of Object.values(now.macros)) {
    for (const id of macro.depends_on.macros) {
      const list = users.get(id)
      if (list === undefined) users.set(id, [macro.unique_id])
      else list.push(macro.unique_id)
    }
  }
  const affected = new Set(changed)
  for (const id of affected) for (const user of users.get(id) ?? []) affected.add(user)

  return (node) => {
    if (node.resource_type === 'source') return false
    return node.depends_on.macros.some((id) => {
      if (id === null) macroIsGone(node)
      return affected.has(id)
    })
  }
}

function macroIsGone(node: GraphNode): never {
  return fail(
    'compilation',
    'macro-not-found',
    `Node '${node.name}' (in ${node.original_file_path}) depends on a macro or test that does not exist. This can ` +
      'happen when a macro or generic test is removed but is still referenced. Check for typos and/or install package ' +
      "dependencies with 'plumb deps'.",
    { nodeId: node.unique_id, subject: describeNode(node) },
  )
}
