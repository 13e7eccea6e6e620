import { join } from 'node:path'
import {
  createQueryService,
  type Ground,
  type ManagedQueryService,
  type QueryServiceOptions,
  readGuardFile,
} from './query/index.js'
import type { Workspace } from './workspace.js'

/** What a workspace gives the query service to stand on. Parses and connects; reads policies.yml. */
export async function groundOf(workspace: Workspace): Promise<Ground> {
  const { targetDir, root } = workspace.project
  const [manifest, adapter, policyFile] = await Promise.all([
    workspace.manifest(),
    workspace.adapter(),
    readGuardFile(join(root.root, 'policies.yml'), 'policies.yml'),
  ])
  return { manifest, adapter, policyFile, targetDir, projectRoot: root.root }
}

/** The query service of an opened project. Close the service, then the workspace. */
export async function openQueryService(
  workspace: Workspace,
  options: Omit<QueryServiceOptions, 'ground'> = {},
): Promise<ManagedQueryService> {
  return createQueryService({ ...options, ground: await groundOf(workspace) })
}
