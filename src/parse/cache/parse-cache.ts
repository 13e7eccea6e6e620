import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { MacroRegistry } from '../../context/index.js'
import type { SourceOrigin } from '../../jinja/index.js'
import type { Manifest } from '../../manifest/index.js'
import { manifestMetadata } from '../metadata.js'
import type { ParseOptions, ParseResult } from '../parse-project.js'
import type { PackageSources } from '../source-files.js'
import { createRegistry } from '../stages/load-macros.js'
import { PARSE_CACHE_FILE } from './cache-file.js'
import { environmentOf, type FileStamp, sameEnvironment, settingsKey, stampsOf } from './cache-key.js'

/** The first line of the file; the second is the manifest. */
interface CacheHeader {
  readonly key: string
  readonly files: readonly FileStamp[]
  readonly environment: Readonly<Record<string, string>>
  /** Where macros begin in their files, where that is not the file's start. */
  readonly origins: Readonly<Record<string, SourceOrigin>>
}

const NEWLINE = 0x0a

function cachePath({ project }: ParseOptions): string {
  return join(project.targetDir, PARSE_CACHE_FILE)
}

/**
 * The last parse, when nothing that it depends on has changed since: no file (by size and time), no setting, no
 * environment variable. Whatever is wrong with the file of the cache, it is as if there were none.
 */
export function readParseCache(options: ParseOptions, sources: readonly PackageSources[]): ParseResult | undefined {
  if (!options.flags.partialParse) {
    const msg = 'Partial parsing not enabled'
    options.invocation.emit({ name: 'PartialParsingNotEnabled', code: 'I028', level: 'debug', msg, data: {} })
    return undefined
  }
  try {
    const bytes = readFileSync(cachePath(options))
    const end = bytes.indexOf(NEWLINE)
    if (end === -1) return undefined
    const header = JSON.parse(bytes.toString('utf8', 0, end)) as CacheHeader
    if (header.key !== settingsKey(options)) return undefined
    if (!sameFiles(header.files, stampsOf(sources))) return undefined
    if (!sameEnvironment(header.environment, options.invocation.env)) return undefined
    const manifest = JSON.parse(bytes.toString('utf8', end + 1)) as Manifest
    manifest.metadata = manifestMetadata(options.invocation, options.project, options.flags, options.plugin)
    const macros = createRegistry(options)
    for (const macro of Object.values(manifest.macros)) macros.add(macro, header.origins[macro.unique_id])
    return { manifest, macros, warnings: [], fromCache: true }
  } catch {
    // Absent, cut off, from another version: parse anew.
    return undefined
  }
}

/** Keeps a parse for the next one. A cache that cannot be written is no reason to fail. */
export function writeParseCache(
  options: ParseOptions,
  sources: readonly PackageSources[],
  manifest: Manifest,
  macros: MacroRegistry,
): void {
  if (!options.flags.partialParse) return
  const path = cachePath(options)
  const aside = `${path}.${process.pid}.tmp`
  try {
    const header: CacheHeader = {
      key: settingsKey(options),
      files: stampsOf(sources),
      environment: environmentOf(options.project),
      origins: Object.fromEntries(macros.origins()),
    }
    mkdirSync(dirname(path), { recursive: true })
    const file = openSync(aside, 'w')
    try {
      writeSync(file, `${JSON.stringify(header)}\n{`)
      // Section by section: a large manifest as one string would double the memory.
      for (const [i, [name, section]] of Object.entries(manifest).entries()) {
        writeSync(file, `${i === 0 ? '' : ','}${JSON.stringify(name)}:${JSON.stringify(section)}`)
      }
      writeSync(file, '}')
    } finally {
      closeSync(file)
    }
    renameSync(aside, path)
  } catch {
    rmSync(aside, { force: true })
  }
}

function sameFiles(before: readonly FileStamp[], now: readonly FileStamp[]): boolean {
  if (before.length !== now.length) return false
  return before.every((stamp, i) => {
    const other = now[i]!
    return stamp[0] === other[0] && stamp[1] === other[1] && stamp[2] === other[2]
  })
}
