import { join } from 'node:path'
import type { MacroRegistry } from '../../context/index.js'
import type { PlumbEvent } from '../../core/event.js'
import { exactJson } from '../../core/exact-json.js'
import type { Manifest } from '../../manifest/index.js'
import { manifestMetadata } from '../metadata.js'
import type { ParseOptions, ParseResult } from '../parse-project.js'
import type { PackageSources } from '../source-files.js'
import { CacheFile, PARSE_CACHE_FILE, writeCacheFile } from './cache-file.js'
import {
  changedReasons,
  environmentOf,
  type FileStamp,
  reasonsOf,
  sameEnvironment,
  settingsKey,
  stampsOf,
} from './cache-key.js'
import { floatsIn, restoreFloats } from './python-floats.js'

function cachePath({ project }: ParseOptions): string {
  return join(project.targetDir, PARSE_CACHE_FILE)
}

/** What the last parse came to. */
export interface KnownParse {
  /** No file has changed since: it is the result of this parse, too. */
  readonly unchanged: boolean
  readonly result: ParseResult
  /** The files as they were then. */
  readonly files: readonly FileStamp[]
  readonly environment: Readonly<Record<string, string>>
  /** Had it anything to say beside its result that does not belong to one YAML file? */
  readonly warned: boolean
  /** Gives the file back when the result is not wanted. */
  close(): void
}

/**
 * The last parse, when no setting and no environment variable that it depends on has changed since; files are compared
 * by size and time. Whatever is wrong with the file of the cache, it is as if there were none. The sections of the
 * manifest are decoded when they are asked for: `parse` needs none of them.
 */
export function readParseCache(options: ParseOptions, sources: readonly PackageSources[]): KnownParse | undefined {
  if (!options.flags.partialParse) {
    tell(options, 'PartialParsingNotEnabled', 'I028', 'Partial parsing not enabled')
    return undefined
  }
  let file: CacheFile
  try {
    file = CacheFile.open(cachePath(options))
  } catch {
    // Absent, cut off, from another version: parse anew.
    const reason = 'saved manifest not found. Starting full parse.'
    tell(options, 'UnableToPartialParse', 'I024', `Unable to do partial parsing because ${reason}`, { reason })
    return undefined
  }
  const { key, reasons, files, environment, warned } = file.header
  if (key !== settingsKey(options) || !sameEnvironment(environment, options.invocation.env)) {
    file.close()
    for (const reason of reasons === undefined ? [] : changedReasons(reasons, reasonsOf(options))) {
      tell(options, 'UnableToPartialParse', 'I024', `Unable to do partial parsing because ${reason}`, { reason })
    }
    return undefined
  }
  const unchanged = sameFiles(files, stampsOf(sources))
  if (unchanged) {
    const none = { deleted: 0, added: 0, changed: 0 }
    const counts = '0 files deleted, 0 files added, 0 files changed.'
    tell(options, 'PartialParsingEnabled', 'I040', `Partial parsing enabled: ${counts}`, none)
    tell(options, 'PartialParsingSkipParsing', 'I017', 'Partial parsing enabled, no changes found, skipping parsing')
    const msg = 'Nothing changed, skipping partial parsing.'
    tell(options, 'Note', 'Z050', msg, { msg })
    for (const event of file.header.repeated) options.invocation.emit(event)
  }
  return { unchanged, result: resultIn(options, file), files, environment, warned, close: () => file.close() }
}

/**
 * What was just kept, read again: objects that all have one shape and nothing beside, with which a build of thousands of
 * nodes goes faster than with those that the parse has put together step by step.
 */
export function readKeptParse(options: ParseOptions): ParseResult | undefined {
  if (!options.flags.partialParse) return undefined
  try {
    return resultIn(options, CacheFile.open(cachePath(options)))
  } catch {
    return undefined
  }
}

function resultIn(options: ParseOptions, file: CacheFile): ParseResult {
  const { origins } = file.header
  const manifest = lazyManifest(options, file)
  let macros: Promise<MacroRegistry> | undefined
  const fill = async (): Promise<MacroRegistry> => {
    const { createRegistry } = await import('../create-registry.js')
    const registry = createRegistry(options)
    for (const macro of Object.values(manifest.macros)) registry.add(macro, origins[macro.unique_id])
    return registry
  }
  return { manifest, macros: () => (macros ??= fill()), warnings: [], fromCache: true }
}

function tell(
  { invocation }: ParseOptions,
  name: string,
  code: string,
  msg: string,
  data: Readonly<Record<string, unknown>> = {},
): void {
  invocation.emit({ name, code, level: name === 'UnableToPartialParse' ? 'info' : 'debug', msg, data })
}

/** The manifest of a cache file: each section decodes itself when it is first looked at. */
function lazyManifest({ invocation, project, flags, plugin }: ParseOptions, file: CacheFile): Manifest {
  const manifest: Partial<Manifest> = { metadata: manifestMetadata(invocation, project, flags, plugin) }
  for (const [name, place] of Object.entries(file.header.sections)) {
    const settle = (value: object): object => {
      Object.defineProperty(manifest, name, { value, writable: true, enumerable: true, configurable: true })
      return value
    }
    Object.defineProperty(manifest, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        const section = JSON.parse(file.section(place)) as object
        restoreFloats(section, place.floats)
        return settle(section)
      },
      set: settle,
    })
  }
  return manifest as Manifest
}

export interface ParseToKeep {
  readonly manifest: Manifest
  readonly macros: MacroRegistry
  readonly warned: boolean
  readonly repeated: readonly PlumbEvent[]
  /** Environment variables that were read by what was not read anew. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Keeps a parse for the next one. A cache that cannot be written is no reason to fail. */
export function writeParseCache(
  options: ParseOptions,
  sources: readonly PackageSources[],
  { manifest, macros, warned, repeated, environment }: ParseToKeep,
): void {
  if (!options.flags.partialParse) return
  const about = {
    key: settingsKey(options),
    reasons: reasonsOf(options),
    files: stampsOf(sources),
    environment: { ...environment, ...environmentOf(options.project) },
    warned,
    repeated,
    origins: Object.fromEntries(macros.origins()),
  }
  const { metadata: _, ...sections } = manifest
  try {
    writeCacheFile(
      cachePath(options),
      about,
      Object.entries(sections).map(([name, section]) => ({
        name,
        json: () => exactJson(section),
        floats: floatsIn(section),
      })),
    )
  } catch {
    // No room, no permission: the next parse reads everything again.
  }
}

function sameFiles(before: readonly FileStamp[], now: readonly FileStamp[]): boolean {
  if (before.length !== now.length) return false
  return before.every((stamp, i) => {
    const other = now[i]!
    return stamp[0] === other[0] && stamp[1] === other[1] && stamp[2] === other[2]
  })
}
