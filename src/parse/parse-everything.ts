import { DiagnosticBag } from '../core/diagnostic.js'
import { writeParseCache } from './cache/parse-cache.js'
import { emptyManifest, manifestMetadata } from './metadata.js'
import type { ParseOptions, ParseResult } from './parse-project.js'
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
  writeParseCache(options, sources, start.manifest, macros)
  return {
    manifest: start.manifest,
    macros: async () => macros,
    warnings: start.warnings.list,
    fromCache: false,
  }
}
