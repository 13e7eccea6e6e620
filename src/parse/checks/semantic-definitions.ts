import type { Diagnostic } from '../../core/diagnostic.js'
import { describeNode, type Manifest, type UniqueId } from '../../manifest/index.js'
import type { ParseState } from '../state.js'

/** Checks the definitions of metrics: the rules are the semantic layer's, which a parse knows nothing of. */
export type CheckDefinitions = (
  manifest: Manifest,
) => Promise<readonly { readonly diagnostic: Diagnostic; readonly owner: string | undefined }[]>

/** Adds what is wrong with metrics, semantic models and saved queries, each with its place. */
export async function checkDefinitions(state: ParseState): Promise<void> {
  const { manifest, bag, places, invocation, checkDefinitions: check } = state
  const { metrics, semantic_models: models, saved_queries: saved } = manifest
  if (check === undefined || Object.keys(metrics).length === 0 || Object.keys(models).length === 0) return
  const nodes = [...Object.values(metrics), ...Object.values(models), ...Object.values(saved)]
  const byName = new Map(nodes.map((node) => [`${node.resource_type}.${node.name}`, node]))
  for (const { diagnostic, owner } of await check(manifest)) {
    const { message: msg } = diagnostic
    // The error itself is shown when the parse ends; tools look for the event.
    invocation.emit({ name: 'SemanticValidationFailure', code: 'I070', level: 'debug', msg, data: { msg } })
    const node = owner === undefined ? undefined : byName.get(owner)
    if (node === undefined) bag.add({ ...diagnostic, kind: 'parsing' })
    else {
      bag.add({
        ...diagnostic,
        kind: 'parsing',
        at: places.get(node.unique_id as UniqueId)?.(),
        nodeId: node.unique_id,
        subject: describeNode(node),
      })
    }
  }
}
