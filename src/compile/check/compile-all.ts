import { type CompilableNode, ConnectionHolder, type TemplateSession } from '../../context/index.js'
import { PlumbError } from '../../core/diagnostic.js'
import type { Manifest, UniqueId } from '../../manifest/index.js'
import { type CompiledSql, compileNode } from '../compile-node.js'
import { rememberingAdapter } from './remembering.js'

/** A node's SQL, or why it has none. */
export type CompileOutcome =
  | { readonly kind: 'sql'; readonly compiled: CompiledSql }
  | { readonly kind: 'none'; readonly reason: string; readonly error: PlumbError | undefined }

/**
 * Renders nodes for looking at their SQL: nothing is written, a fault in one does not stop the others.
 * @param ids models, snapshots, analyses and tests; others are passed over
 */
export async function compileAll(
  session: TemplateSession,
  manifest: Manifest,
  ids: Iterable<UniqueId>,
): Promise<Map<UniqueId, CompileOutcome>> {
  const outcomes = new Map<UniqueId, CompileOutcome>()
  const connection =
    session.adapter === null ? undefined : new ConnectionHolder(rememberingAdapter(session.adapter), 'check')
  for (const id of ids) {
    const node = manifest.nodes[id]
    if (node === undefined || node.resource_type === 'seed' || node.resource_type === 'operation') continue
    if (node.language === 'python') {
      outcomes.set(id, { kind: 'none', reason: 'it is written in Python', error: undefined })
      continue
    }
    outcomes.set(id, await compileOne(session, node, connection))
  }
  await connection?.release()
  return outcomes
}

async function compileOne(
  session: TemplateSession,
  node: CompilableNode,
  connection: ConnectionHolder | undefined,
): Promise<CompileOutcome> {
  try {
    return { kind: 'sql', compiled: await compileNode(session, node, { write: false, connection }) }
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    return { kind: 'none', reason: `it could not be compiled: ${error.first.message.split('\n')[0]}`, error }
  }
}
