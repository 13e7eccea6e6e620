import { createHash } from 'node:crypto'
import { dottedParts, unwrapped } from './ast.js'
import type { Sources } from './sources.js'

/** Text of a tree that is the same for the same SQL, however it is laid out, commented or cased. */
export function treeText(node: unknown): string {
  return JSON.stringify(node, (key, value: unknown) =>
    value === null || key === 'span' || key === 'quoted' || key.endsWith('comments') ? undefined : value,
  ).toLowerCase()
}

/**
 * Leaves in `sources` one fingerprint: of an expression, and of the expressions its columns stand for. A column alone
 * keeps the one it has.
 */
export function sealPrint(sources: Sources, node: unknown): void {
  if (dottedParts(unwrapped(node)) !== undefined && sources.prints.size === 1) return
  sources.seal(digest(`${treeText(node)}|${[...sources.prints].sort().join(',')}`))
}

export function digest(text: string): string {
  return createHash('sha1').update(text).digest('base64url').slice(0, 12)
}
