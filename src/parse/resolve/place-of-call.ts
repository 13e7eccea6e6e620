import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type SourceSpan, spanAt } from '../../core/source-span.js'
import type { GraphNode } from '../../manifest/index.js'
import type { ParseState } from '../state.js'

/**
 * Where a node's file calls something by these texts (`ref('orders')`): the first of them, in the order of the call.
 * Read again from disk, since only messages need it.
 */
export function placeOfCall(state: ParseState, node: GraphNode, texts: readonly string[]): SourceSpan | undefined {
  const pkg = state.project.packages.get(node.package_name)
  if (pkg === undefined) return undefined
  let source: string
  try {
    source = readFileSync(join(pkg.root, node.original_file_path), 'utf8')
  } catch {
    return undefined
  }
  const quoted = texts.map((text) => `(["'])${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\1`)
  const between = String.raw`\s*,\s*`
  // Backreferences count on: each text brings a group.
  const pattern = quoted.map((part, i) => part.replace('\\1', `\\${i + 1}`)).join(between)
  const match = new RegExp(pattern).exec(source)
  if (match === null) return undefined
  return spanAt(node.original_file_path, source, match.index, match.index + match[0].length)
}
