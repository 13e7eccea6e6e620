import { type CompilableNode, ConnectionHolder, type TemplateSession } from '../../context/index.js'
import { PlumbError } from '../../core/diagnostic.js'
import type { Manifest, UniqueId } from '../../manifest/index.js'
import { type CompiledSql, compileNode } from '../compile-node.js'
import { type Answer, rememberingAdapter } from './remembering.js'

/** A node's SQL, or why it has none. */
export type CompileOutcome =
  | { readonly kind: 'sql'; readonly compiled: CompiledSql }
  | { readonly kind: 'none'; readonly reason: string; readonly error: PlumbError | undefined }

/** Renders nodes one after another. */
export interface NodeCompiler {
  /** Models, snapshots, analyses and tests; undefined for others. What was compiled before is not compiled again. */
  compile(id: UniqueId): Promise<CompileOutcome | undefined>
  readonly outcomes: ReadonlyMap<UniqueId, CompileOutcome>
  close(): Promise<void>
}

/**
 * Renders nodes for looking at their SQL: nothing is written, a fault in one does not stop the others.
 * @param answer for what templates ask that is not to be asked of the warehouse
 */
export function createCompiler(session: TemplateSession, manifest: Manifest, answer?: Answer): NodeCompiler {
  const outcomes = new Map<UniqueId, CompileOutcome>()
  const connection =
    session.adapter === null ? undefined : new ConnectionHolder(rememberingAdapter(session.adapter, answer), 'check')
  return {
    outcomes,
    async compile(id) {
      const node = manifest.nodes[id]
      if (node === undefined || node.resource_type === 'seed' || node.resource_type === 'operation') return undefined
      const before = outcomes.get(id)
      if (before !== undefined) return before
      const outcome: CompileOutcome =
        node.language === 'python'
          ? { kind: 'none', reason: 'it is written in Python', error: undefined }
          : await compileOne(session, node, connection)
      outcomes.set(id, outcome)
      return outcome
    },
    close: async () => connection?.release(),
  }
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
