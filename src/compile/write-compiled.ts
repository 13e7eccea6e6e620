import { type CompilableNode, type RunScopeOptions, type TemplateSession, targetFile } from '../context/index.js'
import { eventWithin } from '../core/event.js'

/**
 * Keeps a node's SQL under `target/compiled/` and notes where. Snapshots are not kept there, as in dbt.
 * @param split start of the batch, for microbatch models.
 * @param told what the event about it carries; ephemeral models have none.
 */
export async function writeCompiled(
  session: TemplateSession,
  node: CompilableNode,
  split?: string,
  told?: RunScopeOptions,
): Promise<void> {
  if (node.resource_type === 'snapshot' || node.compiled_code == null || node.compiled_code === '') return
  const file = targetFile(session, node, 'compiled', split)
  node.compiled_path = file.relativePath
  if (told !== undefined) {
    const msg = `Writing injected SQL for node "${node.unique_id}"`
    const event = { name: 'WritingInjectedSQLForNode', code: 'Q029', level: 'debug', msg, data: {} } as const
    session.invocation.emit(eventWithin(event, told.eventData, told.threadName))
  }
  session.targetFolders.write(file, node.compiled_code)
}
