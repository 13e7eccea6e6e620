import type { ProjectFile } from '../../project/index.js'
import type { FileStamp } from '../cache/cache-key.js'
import { stampsOf } from '../cache/cache-key.js'
import type { PackageSources } from '../source-files.js'

/** Kinds of files whose content is the text of one node, which nothing but its own references follows from. */
export type BodyKind = 'models' | 'analyses' | 'singularTests'

export interface ChangedFile {
  readonly kind: BodyKind
  readonly file: ProjectFile
}

const BODY_KINDS: readonly BodyKind[] = ['models', 'analyses', 'singularTests']

/**
 * The files that differ from what they were, when all of them are SQL of single nodes and none came or went.
 * @returns undefined when something else changed.
 */
export function changedBodies(
  before: readonly FileStamp[],
  sources: readonly PackageSources[],
): ChangedFile[] | undefined {
  const now = stampsOf(sources)
  if (now.length !== before.length) return undefined
  const changed = new Set<string>()
  for (const [i, [path, size, mtime]] of now.entries()) {
    const [otherPath, otherSize, otherMtime] = before[i]!
    if (path !== otherPath) return undefined
    if (size !== otherSize || mtime !== otherMtime) changed.add(path)
  }
  const found: ChangedFile[] = []
  for (const kind of BODY_KINDS) {
    for (const file of sources.flatMap((each) => each[kind])) {
      if (changed.has(file.absolutePath) && file.absolutePath.endsWith('.sql')) found.push({ kind, file })
    }
  }
  return found.length === changed.size ? found : undefined
}
