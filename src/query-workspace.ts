import { createQueryService, type Ground, type QueryService, type QueryServiceOptions } from './query/index.js'
import type { Workspace } from './workspace.js'

/** What a workspace gives the query service to stand on. Parses and connects. */
export async function groundOf(workspace: Workspace): Promise<Ground> {
  const [manifest, adapter] = await Promise.all([workspace.manifest(), workspace.adapter()])
  return { manifest, adapter, targetDir: workspace.project.targetDir, projectRoot: workspace.project.root.root }
}

/** The query service of an opened project. Close the service, then the workspace. */
export async function openQueryService(
  workspace: Workspace,
  options: Omit<QueryServiceOptions, 'ground'> = {},
): Promise<QueryService> {
  return createQueryService({ ...options, ground: await groundOf(workspace) })
}
