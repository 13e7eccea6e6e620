import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceOrigin } from '../jinja/index.js'
import { type Package, PackageFiles, type ProjectFile } from '../project/index.js'

/** Files of one package by what they hold. */
export interface PackageSources {
  readonly pkg: Package
  readonly macros: readonly ProjectFile[]
  readonly genericTests: readonly ProjectFile[]
  readonly models: readonly ProjectFile[]
  readonly snapshots: readonly ProjectFile[]
  readonly analyses: readonly ProjectFile[]
  readonly singularTests: readonly ProjectFile[]
  readonly seeds: readonly ProjectFile[]
  readonly docs: readonly ProjectFile[]
  readonly fixtures: readonly ProjectFile[]
  readonly functions: readonly ProjectFile[]
  readonly properties: readonly ProjectFile[]
}

/** Finds the files of a package in dbt's order: by kind, then by extension, then by path. */
export function findPackageSources(pkg: Package): PackageSources {
  const files = new PackageFiles(pkg)
  const { config } = pkg
  const under = (paths: readonly string[], ...extensions: readonly string[]): ProjectFile[] =>
    extensions.flatMap((extension) => files.find(paths, [extension]))
  const subfolder = (name: string): string[] => config.testPaths.map((path) => join(path, name))
  const shared = {
    pkg,
    macros: under(config.macroPaths, '.sql'),
    genericTests: under(subfolder('generic'), '.sql'),
  }
  const everywhere = [
    ...new Set(
      [
        ...config.modelPaths,
        ...config.seedPaths,
        ...config.snapshotPaths,
        ...config.analysisPaths,
        ...config.macroPaths,
        ...config.testPaths,
        ...config.functionPaths,
      ].map((path) => path.replace(/\/+$/, '')),
    ),
  ]
  const docs = once(under(config.docsPaths ?? everywhere, '.md'))
  if (pkg.kind === 'builtin') {
    const none: ProjectFile[] = []
    return {
      ...shared,
      docs,
      models: none,
      snapshots: none,
      analyses: none,
      singularTests: none,
      seeds: none,
      fixtures: none,
      functions: none,
      properties: none,
    }
  }
  return {
    ...shared,
    models: under(config.modelPaths, '.sql', '.py'),
    snapshots: under(config.snapshotPaths, '.sql'),
    analyses: under(config.analysisPaths, '.sql'),
    singularTests: under(config.testPaths, '.sql').filter((f) => !/^(generic|fixtures)\//.test(f.relativePath)),
    seeds: under(config.seedPaths, '.csv'),
    docs,
    fixtures: under(subfolder('fixtures'), '.csv', '.sql'),
    functions: under(config.functionPaths, '.sql', '.py'),
    properties: once(under(everywhere, '.yml', '.yaml')),
  }
}

/** Folders may lie inside each other: each file counts once. */
function once(files: readonly ProjectFile[]): ProjectFile[] {
  const seen = new Set<string>()
  return files.filter((file) => !seen.has(file.originalPath) && seen.add(file.originalPath))
}

/** A file's text as dbt keeps it: without the white space around it. */
export interface SourceText {
  readonly text: string
  /** Where the text begins in the file. */
  readonly origin: SourceOrigin
}

export const AT_START: SourceOrigin = Object.freeze({ offset: 0, line: 1, column: 1 })

/** Reads a file as dbt does. */
export function readSource(file: Pick<ProjectFile, 'absolutePath'>): SourceText {
  const whole = readFileSync(file.absolutePath, 'utf8')
  const offset = firstNonSpace(whole)
  const text = whole.slice(offset, endOfText(whole, offset))
  if (offset === 0) return { text, origin: AT_START }
  const before = whole.slice(0, offset)
  const lastNewline = before.lastIndexOf('\n')
  return { text, origin: { offset, line: before.split('\n').length, column: offset - lastNewline } }
}

/** Python's white space; unlike JavaScript's it leaves a byte order mark alone. */
function isSpace(code: number): boolean {
  if (code < 128) return code === 32 || (code >= 9 && code <= 13) || (code >= 28 && code <= 31)
  return code === 0x85 || (code !== 0xfeff && /\s/.test(String.fromCharCode(code)))
}

function firstNonSpace(text: string): number {
  let at = 0
  while (at < text.length && isSpace(text.charCodeAt(at))) at++
  return at
}

function endOfText(text: string, from: number): number {
  let end = text.length
  while (end > from && isSpace(text.charCodeAt(end - 1))) end--
  return end
}

/** The name of a file without folder and extension. */
export function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(0, dot) : name
}
