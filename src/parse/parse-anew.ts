import { DiagnosticBag } from '../core/diagnostic.js'
import type { Manifest } from '../manifest/index.js'
import { type KnownParse, readKeptParse, writeParseCache } from './cache/parse-cache.js'
import { emptyManifest, manifestMetadata } from './metadata.js'
import type { ParseOptions, ParseResult } from './parse-project.js'
import { changedBodies } from './partial/changed-files.js'
import { reparseBodies } from './partial/reparse-bodies.js'
import type { PackageSources } from './source-files.js'
import { loadProjectFiles } from './stages/load-project-files.js'
import type { ParseStart } from './stages/parse-start.js'
import { Warnings } from './warnings.js'

/** From here on it pays to read a parse back: see {@link readKeptParse}. */
const MANY_NODES = 300

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
    warned: start.warnings.lasting,
    repeated: start.warnings.repeated,
  })
  const kept = worthReading(flags.which, start.manifest) ? readKeptParse(options) : undefined
  return {
    manifest: kept?.manifest ?? start.manifest,
    macros: kept?.macros ?? (async () => macros),
    warnings: start.warnings.list,
    fromCache: false,
  }
}

/** A command that goes through all nodes; the others are over before it would pay. */
function worthReading(command: string, { nodes }: Manifest): boolean {
  return /^(?:build|run|test|compile|snapshot)$/.test(command) && Object.keys(nodes).length >= MANY_NODES
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
