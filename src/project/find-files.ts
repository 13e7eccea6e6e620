import { type Dirent, readdirSync, statSync } from 'node:fs'
import { isAbsolute, normalize, resolve, sep } from 'node:path'
import { type IgnoreRules, readIgnoreRules } from './ignore-file.js'
import type { Package, ProjectFile } from './types.js'

interface Entry {
  readonly relativePath: string
  readonly name: string
  file?: ProjectFile
}

/**
 * The files of one package. Each folder is walked once and each wanted file is looked at once, however often it is
 * asked for.
 */
export class PackageFiles {
  readonly #walks = new Map<string, Entry[]>()
  readonly #roots = new Map<string, string>()
  readonly #ignore: IgnoreRules | null

  constructor(readonly pkg: Package) {
    this.#ignore = readIgnoreRules(pkg.root)
  }

  /**
   * Files under `paths` (relative to the package root) whose names end in one of `extensions` (`.sql`, in any case) and
   * do not begin with `.`, `#` or `~`; what `.dbtignore` names is left out. Linked folders are not entered, as in dbt.
   * Sorted: a folder's files, then its folders.
   */
  find(paths: readonly string[], extensions: readonly string[]): ProjectFile[] {
    const found: ProjectFile[] = []
    for (const path of paths) {
      const searchPath = path === '/' ? path : path.replace(/\/+$/, '')
      for (const entry of this.#walk(searchPath)) {
        if (!hasExtension(entry.name, extensions)) continue
        const file = this.#file(searchPath, entry)
        if (file !== undefined) found.push(file)
      }
    }
    return found
  }

  #walk(searchPath: string): Entry[] {
    let entries = this.#walks.get(searchPath)
    if (entries === undefined) {
      entries = []
      this.#walkFolder(this.#absolute(searchPath), searchPath, '', entries)
      this.#walks.set(searchPath, entries)
    }
    return entries
  }

  #absolute(path: string): string {
    let absolute = this.#roots.get(path)
    if (absolute === undefined) {
      absolute = isAbsolute(path) ? resolve(path) : resolve(this.pkg.root, path)
      this.#roots.set(path, absolute)
    }
    return absolute
  }

  #walkFolder(folder: string, searchPath: string, prefix: string, entries: Entry[]): void {
    let listing: Dirent[]
    try {
      listing = readdirSync(folder, { withFileTypes: true })
    } catch {
      return
    }
    listing.sort((a, b) => (a.name < b.name ? -1 : 1))
    const folders: string[] = []
    for (const item of listing) {
      if (item.isDirectory()) folders.push(item.name)
      else if (isWanted(item.name)) entries.push({ relativePath: prefix + item.name, name: item.name })
    }
    for (const name of folders) {
      if (this.#ignore?.prunes(`${searchPath}/${prefix}${name}`) === true) continue
      this.#walkFolder(`${folder}${sep}${name}`, searchPath, `${prefix}${name}/`, entries)
    }
  }

  #file(searchPath: string, entry: Entry): ProjectFile | undefined {
    if (entry.file !== undefined) return entry.file
    const originalPath = `${searchPath}/${entry.relativePath}`
    if (this.#ignore?.ignores(originalPath) === true) return undefined
    // `join` for a thousand paths costs as much as asking the disk for them: both parts are in order already.
    const absolutePath =
      this.#absolute(searchPath) + sep + (sep === '/' ? entry.relativePath : normalize(entry.relativePath))
    const stat = statSync(absolutePath, { throwIfNoEntry: false })
    // Gone meanwhile, a dangling link, or a link to a folder: none of them is a file.
    if (stat === undefined || !stat.isFile()) return undefined
    entry.file = {
      packageName: this.pkg.name,
      absolutePath,
      originalPath,
      relativePath: entry.relativePath,
      searchPath,
      size: stat.size,
      mtimeMs: stat.mtimeMs,
    }
    return entry.file
  }
}

/** Files of a package, for one question; see {@link PackageFiles.find}. */
export function findFiles(pkg: Package, paths: readonly string[], extensions: readonly string[]): ProjectFile[] {
  return new PackageFiles(pkg).find(paths, extensions)
}

function isWanted(name: string): boolean {
  return name[0] !== '.' && name[0] !== '#' && name[0] !== '~'
}

function hasExtension(name: string, extensions: readonly string[]): boolean {
  const lower = name.toLowerCase()
  return extensions.some((extension) => lower.endsWith(extension) && lower.length > extension.length)
}
