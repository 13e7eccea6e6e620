import type { AdapterPlugin } from '../adapters/adapter.js'
import type { MacroRegistry } from '../context/index.js'
import { type Diagnostic, DiagnosticBag } from '../core/diagnostic.js'
import type { Flags } from '../core/flags.js'
import type { Invocation } from '../core/invocation.js'
import type { Manifest } from '../manifest/index.js'
import type { Project } from '../project/index.js'
import { readParseCache, writeParseCache } from './cache/parse-cache.js'
import type { CheckDefinitions } from './checks/semantic-definitions.js'
import { emptyManifest, manifestMetadata } from './metadata.js'
import { findPackageSources } from './source-files.js'
import { loadProjectFiles } from './stages/load-project-files.js'
import type { ParseStart } from './stages/parse-start.js'
import { Warnings } from './warnings.js'

export interface ParseOptions {
  readonly invocation: Invocation
  readonly project: Project
  readonly flags: Flags
  readonly plugin: AdapterPlugin
  /** Checks the definitions of metrics when all is read; without it they are taken as they are. */
  readonly checkDefinitions?: CheckDefinitions
}

export interface ParseResult {
  readonly manifest: Manifest
  readonly macros: MacroRegistry
  readonly warnings: readonly Diagnostic[]
  /** Nothing had changed since the last parse: the manifest is the one it made. */
  readonly fromCache: boolean
}

/**
 * Reads a project's files into a manifest; takes the last one when nothing has changed since.
 * @throws PlumbError with every fault that was found, not only the first.
 */
export async function parseProject(options: ParseOptions): Promise<ParseResult> {
  const { invocation, project, flags, plugin } = options
  const sources = [...project.packages.values()].map(findPackageSources)
  const cached = readParseCache(options, sources)
  if (cached !== undefined) return cached
  const start: ParseStart = {
    ...options,
    manifest: emptyManifest(manifestMetadata(invocation, project, flags, plugin)),
    bag: new DiagnosticBag(),
    warnings: new Warnings(invocation, flags),
    createdAt: invocation.now().getTime() / 1000,
  }
  const macros = await loadProjectFiles(start, sources)
  writeParseCache(options, sources, start.manifest, macros)
  return { manifest: start.manifest, macros, warnings: start.warnings.list, fromCache: false }
}
