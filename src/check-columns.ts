import { join } from 'node:path'
import type { NamedType } from './adapters/adapter.js'
import { readCatalog } from './artifacts/index.js'
import { type Diagnostic, diagnostic } from './core/diagnostic.js'
import { type ColumnChange, columnChanges, type ProjectLineage, placeKey, usersOf } from './lineage/index.js'
import type { Manifest, UniqueId } from './manifest/index.js'
import { type AnalyzedProject, catalogColumns, lineageOf } from './project-lineage.js'
import type { Workspace } from './workspace.js'

/** Columns of an earlier state: catalog.json of `--state`, else what was last built. */
export function columnsBefore(
  workspace: Workspace,
  analyzed: AnalyzedProject,
): ReadonlyMap<UniqueId, readonly NamedType[]> {
  const { state } = workspace.flags
  const catalog = state === null ? undefined : readCatalog(join(state, 'catalog.json'))
  return catalog === undefined ? analyzed.built : catalogColumns(catalog)
}

/** A column that is gone or has another type, with everything that uses it. */
export interface BreakingChange extends ColumnChange {
  /** `unique_id` or `unique_id.column`. */
  readonly users: readonly string[]
}

/** Changes of columns; the removed ones are looked for in everything downstream as if they were still there. */
export async function changesWithUsers(
  workspace: Workspace,
  analyzed: AnalyzedProject,
  before: ReadonlyMap<UniqueId, readonly NamedType[]>,
): Promise<{ changes: readonly BreakingChange[]; lineage: ProjectLineage | undefined }> {
  const after = new Map([...analyzed.columns].filter(([id]) => isMade(analyzed.manifest, id)))
  const changes = columnChanges(before, after)
  if (changes.every(({ kind }) => kind === 'added')) {
    return { changes: changes.map((change) => ({ ...change, users: [] })), lineage: undefined }
  }
  const removed = new Map<UniqueId, string[]>()
  for (const { node, column, kind } of changes)
    if (kind === 'removed') removed.set(node, [...(removed.get(node) ?? []), column])
  const lineage = await lineageOf(workspace, analyzed, removed)
  const withUsers = changes.map((change) => {
    const place = { node: change.node, column: change.column }
    return {
      ...change,
      users: change.kind === 'added' ? [] : usersOf(lineage.graph, place).map((user) => placeKey(user.place)),
    }
  })
  return { changes: withUsers, lineage }
}

function isMade(manifest: Manifest, id: UniqueId): boolean {
  const type = manifest.nodes[id]?.resource_type
  return type === 'model' || type === 'snapshot'
}

/** Warnings of changed columns that something uses. */
export function changeWarnings(changes: readonly BreakingChange[], manifest: Manifest): Diagnostic[] {
  return changes.flatMap((change) => {
    const node = manifest.nodes[change.node]
    if (change.users.length === 0 || node === undefined) return []
    const what =
      change.kind === 'removed'
        ? `Column ${change.column} is gone`
        : `Column ${change.column} was ${change.before} and is now ${change.after}`
    const shown = change.users.slice(0, 5).join(', ')
    const more = change.users.length > 5 ? ` and ${change.users.length - 5} more` : ''
    return [
      diagnostic('compilation', `column-${change.kind}`, `${what}, but it is used by ${shown}${more}`, {
        severity: 'warning',
        nodeId: change.node,
        subject: `${node.resource_type} ${node.name} (${node.original_file_path})`,
        hint: `plumb lineage ${node.name}.${change.column} --downstream`,
      }),
    ]
  })
}
