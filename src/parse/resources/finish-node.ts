import type { ParsedNode } from '../../manifest/index.js'
import { applyNodeConfig } from '../apply-config.js'
import { addConfigCall, type Settings } from '../config/merge.js'
import type { ParseState } from '../state.js'
import { addCaptured } from '../templates/add-captured.js'
import type { Captured } from '../templates/captured.js'

/**
 * Joins what a node's code says with its configuration. Models made of literal calls only are read by dbt without
 * running them: there, hooks come before the code's own references and each source counts once.
 */
export async function finishNode(state: ParseState, node: ParsedNode, captured: Captured): Promise<void> {
  const readStatically = captured.literal === true && node.resource_type === 'model'
  const call = joinCalls(captured.configCalls, readStatically)
  state.configCalls.set(node, call)
  if (!readStatically) addCaptured(node, captured)
  await applyNodeConfig(state, node, { call })
  if (!readStatically) return
  addCaptured(node, withSourcesOnce(captured))
  // What the file itself says is kept as written, even where the root project overrules it.
  if (captured.configCalls.length > 0) {
    node.unrendered_config = Object.assign({}, node.unrendered_config, ...captured.configCalls)
  }
}

/** Several `config(...)` calls as one; the static reader takes them setting by setting. */
function joinCalls(calls: readonly Settings[], bySetting: boolean): Settings {
  const joined: Settings = {}
  for (const call of calls) {
    if (bySetting) for (const key in call) addConfigCall(joined, { [key]: call[key] })
    else addConfigCall(joined, call)
  }
  return joined
}

function withSourcesOnce(captured: Captured): Captured {
  if (captured.sources.length < 2) return captured
  const byKey = new Map(captured.sources.map((pair) => [pair.join('\u0000'), pair]))
  return { ...captured, sources: [...byKey.values()] }
}
