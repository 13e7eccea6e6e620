import type { AdapterPlugin } from '../adapters/adapter.js'
import type { MacroRegistry } from '../context/index.js'
import type { Diagnostic } from '../core/diagnostic.js'
import type { Flags } from '../core/flags.js'
import type { Invocation } from '../core/invocation.js'
import type { Manifest } from '../manifest/index.js'
import type { Project } from '../project/index.js'
import { readParseCache } from './cache/parse-cache.js'
import type { CheckDefinitions } from './checks/semantic-definitions.js'
import { findPackageSources } from './source-files.js'

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
  macros(): Promise<MacroRegistry>
  readonly warnings: readonly Diagnostic[]
  /** Nothing had changed since the last parse: the manifest is the one it made. */
  readonly fromCache: boolean
}

/**
 * Reads a project's files into a manifest; takes the last one when nothing has changed since, and reads only the
 * changed files where that is certain to come to the same. What reads files is loaded only when it is needed.
 * @throws PlumbError with every fault that was found, not only the first.
 */
export async function parseProject(options: ParseOptions): Promise<ParseResult> {
  const sources = [...options.project.packages.values()].map(findPackageSources)
  const known = readParseCache(options, sources)
  if (known?.unchanged) return known.result
  const { parseChanges, parseEverything } = await import('./parse-anew.js')
  return (known && (await parseChanges(options, sources, known))) ?? parseEverything(options, sources)
}
