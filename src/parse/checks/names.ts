import { diagnostic } from '../../core/diagnostic.js'
import type { ManifestNode } from '../../manifest/index.js'
import type { ParseState } from '../state.js'

/** Names with spaces are an error, or a deprecation where the project allows them still. */
export function checkSpaces({ manifest, flags, bag, warnings }: ParseState): void {
  const found: ManifestNode[] = []
  for (const id in manifest.nodes) if (manifest.nodes[id]!.name.includes(' ')) found.push(manifest.nodes[id]!)
  if (found.length === 0) return
  if (flags.behavior['require_resource_names_without_spaces'] === true) {
    const lines = found.map((node) => `  * '${node.unique_id}' (${node.original_file_path})`).join('\n')
    const message =
      `Resource names cannot contain spaces:\n${lines}\nPlease rename the invalid model(s) so that their name(s) do ` +
      'not contain any spaces.'
    bag.add(diagnostic('runtime', 'name-with-spaces', message))
    return
  }
  for (const node of flags.debug ? found : found.slice(0, 1)) {
    warnings.deprecate('SpacesInResourceNameDeprecation', `Found spaces in the name of \`${node.unique_id}\``, {
      data: { unique_id: node.unique_id, level: 'warn' },
    })
  }
  warnings.deprecate(
    'ResourceNamesWithSpacesDeprecation',
    `Spaces found in ${found.length} resource name(s). This is deprecated, and may lead to errors when using dbt.` +
      `${flags.debug ? '' : ' Run again with `--debug` to see them all.'} For more information: ` +
      'https://docs.getdbt.com/reference/global-configs/legacy-behaviors',
    { data: { count_invalid_names: found.length, show_debug_hint: !flags.debug } },
  )
}
