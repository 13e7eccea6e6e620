import { join } from 'node:path'
import type { Adapter } from './adapters/adapter.js'
import {
  createQueryService,
  type Ground,
  type ManagedQueryService,
  type QueryServiceOptions,
  readGuardFile,
} from './query/index.js'
import type { Workspace } from './workspace.js'

/** What a workspace gives the query service to stand on. Parses and connects; reads policies.yml. */
export async function groundOf(workspace: Workspace): Promise<Ground & { readonly adapter: Adapter }> {
  const { targetDir, root } = workspace.project
  const [manifest, adapter, policyFile] = await Promise.all([
    workspace.manifest(),
    workspace.adapter(),
    policyFileOf(workspace),
  ])
  return { manifest, adapter, policyFile, targetDir, projectRoot: root.root }
}

/** policies.yml of the project, when it has one. */
export function policyFileOf({ project }: Workspace): Promise<Ground['policyFile']> {
  return readGuardFile(join(project.root.root, 'policies.yml'), 'policies.yml')
}

/**
 * Column lineage of a workspace's project, or null when it cannot be worked out: masks then cover whatever may be made
 * of what they are over.
 */
export async function lineageFor(
  workspace: Workspace,
  warn: (message: string) => void,
): Promise<NonNullable<Ground['lineage']> | null> {
  try {
    const { projectLineage } = await import('./lineage-graph.js')
    return (await projectLineage(workspace)).graph
  } catch (error) {
    warn(`column lineage is not known: ${error instanceof Error ? error.message : String(error)}`)
    return null
  }
}

/** The query service of an opened project. Close the service, then the workspace. */
export async function openQueryService(
  workspace: Workspace,
  options: Omit<QueryServiceOptions, 'ground'> = {},
): Promise<ManagedQueryService> {
  return createQueryService({ ...options, ground: await groundOf(workspace) })
}
