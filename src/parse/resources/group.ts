import { diagnostic } from '../../core/diagnostic.js'
import type { GroupNode } from '../../manifest/index.js'
import { duplicateMessage } from '../checks/duplicates.js'
import { foldersOf } from '../node-fields.js'
import type { Entry } from '../properties/entries.js'
import { groupShape } from '../shape/resource-shapes.js'
import { attempt, type ParseState } from '../state.js'
import { ownerOf } from './owner.js'

/** Adds the `groups:` of a file. */
export async function parseGroups(state: ParseState, entries: readonly Entry[]): Promise<void> {
  for (const entry of entries) await attempt(state, () => parseGroup(state, entry))
}

function parseGroup(state: ParseState, { properties, key, base, data }: Entry): void {
  const fault = groupShape.check(data)
  if (fault !== undefined) throw properties.invalidEntry(key, base, data, fault)
  const owner = ownerOf(data['owner'])
  if (owner.name === null && owner.email === null) {
    const message = "Group owner must have at least one of 'name' or 'email'."
    throw properties.invalidEntry(key, base, data, { message, path: [] })
  }
  const { file } = properties
  const name = data['name'] as string
  const fqn = [file.packageName, ...foldersOf(file.relativePath), name]
  const patch = (data['config'] ?? {}) as { [key: string]: unknown }
  const subject = { type: 'group', packageName: file.packageName, fqn } as const
  // Groups are configured under `models:`, as in dbt; hooks are none of their business.
  const { 'pre-hook': _pre, 'post-hook': _post, ...config } = state.configs.resolve(subject, { patch })
  const group: GroupNode = {
    name,
    resource_type: 'group',
    package_name: file.packageName,
    path: file.relativePath,
    original_file_path: file.originalPath,
    unique_id: `group.${file.packageName}.${name}`,
    owner,
    description: (data['description'] as string | undefined) ?? null,
    config: config as GroupNode['config'],
  }
  const other = state.manifest.groups[group.unique_id]
  if (other === undefined) state.manifest.groups[group.unique_id] = group
  else {
    const at = properties.at([...base, 'name'])
    state.bag.add(diagnostic('compilation', 'duplicate-resource', duplicateMessage(group, other), { at }))
  }
}
