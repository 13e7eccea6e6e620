import type { HookNode, Manifest, UniqueId } from '../manifest/index.js'

/** Ids of the hooks of a kind in dbt's order: the root project's, then the packages' by name; each by its place. */
export function hooksOf(manifest: Manifest, kind: 'on-run-start' | 'on-run-end'): UniqueId[] {
  const root = manifest.metadata.project_name
  const hooks: HookNode[] = []
  for (const id in manifest.nodes) {
    if (!id.startsWith('operation.')) continue
    const node = manifest.nodes[id]!
    if (node.resource_type === 'operation' && node.tags.includes(kind)) hooks.push(node)
  }
  return hooks
    .sort((a, b) => {
      if (a.package_name !== b.package_name) {
        if (a.package_name === root) return -1
        if (b.package_name === root) return 1
        return a.package_name < b.package_name ? -1 : 1
      }
      return (a.index ?? 0) - (b.index ?? 0)
    })
    .map((hook) => hook.unique_id)
}
