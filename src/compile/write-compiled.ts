import { type CompilableNode, type TemplateSession, targetFile } from '../context/index.js'

/**
 * Keeps a node's SQL under `target/compiled/` and notes where. Snapshots are not kept there, as in dbt.
 * @param split start of the batch, for microbatch models.
 */
export async function writeCompiled(session: TemplateSession, node: CompilableNode, split?: string): Promise<void> {
  if (node.resource_type === 'snapshot' || node.compiled_code == null || node.compiled_code === '') return
  const file = targetFile(session, node, 'compiled', split)
  node.compiled_path = file.relativePath
  session.targetFolders.write(file, node.compiled_code)
}
