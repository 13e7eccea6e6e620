import { DiagnosticBag } from '../core/diagnostic.js'
import { type KnownParse, writeParseCache } from './cache/parse-cache.js'
import { emptyManifest, manifestMetadata } from './metadata.js'
import type { ParseOptions, ParseResult } from './parse-project.js'
import { changedBodies } from './partial/changed-files.js'
import { reparseBodies } from './partial/reparse-bodies.js'
import type { PackageSources } from './source-files.js'
import { loadProjectFiles } from './stages/load-project-files.js'
import type { ParseStart } from './stages/parse-start.js'
import { Warnings } from './warnings.js'

/**
 * Reads all files of all packages, and keeps what came of it for the next time.
 * @throws PlumbError with every fault that was found.
 */
export async function parseEverything(options: ParseOptions, sources: readonly PackageSources[]): Promise<ParseResult> {
  const { invocation, project, flags, plugin } = options
  const start: ParseStart = {
    ...options,
    manifest: emptyManifest(manifestMetadata(invocation, project, flags, plugin)),
    bag: new DiagnosticBag(),
    warnings: new Warnings(invocation, flags),
    createdAt: invocation.now().getTime() / 1000,
  }
  const macros = await loadProjectFiles(start, sources)
  writeParseCache(options, sources, {
    manifest: start.manifest,
    macros,
    warned: start.warnings.any,
    repeated: start.warnings.repeated,
  })
  return {
    manifest: start.manifest,
    macros: async () => macros,
    warnings: start.warnings.list,
    fromCache: false,
  }
}

/**
 * Reads only what has changed since the last parse.
 * @returns undefined when that is more than the text of some nodes: then everything has to be read.
 */
export async function parseChanges(
  options: ParseOptions,
  sources: readonly PackageSources[],
  known: KnownParse,
): Promise<ParseResult | undefined> {
  const changed = known.warned ? undefined : changedBodies(known.files, sources)
  if (changed === undefined) {
    known.close()
    return undefined
  }
  const { environment, result } = known
  const macros = await result.macros()
  const manifest = await reparseBodies(options, result.manifest, macros, changed)
  known.close()
  if (manifest === undefined) return undefined
  writeParseCache(options, sources, { manifest, macros, warned: false, repeated: [], environment })
  return { manifest, macros: async () => macros, warnings: [], fromCache: false }
}
