import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, posix, relative, sep } from 'node:path'
import type { TemplateSession } from './session.js'
import type { ScopeSubject } from './subject.js'

/** A file of the target folder. */
export interface TargetFile {
  /** As artifacts name it: relative to the project where the target folder lies in it. */
  readonly relativePath: string
  readonly absolutePath: string
}

/**
 * Where a node's SQL is kept below the target folder: `target/compiled/<package>/<path of the file>`. Nodes that come
 * from a YAML file lie in a folder of that file's name. `split` is the batch of a microbatch model.
 */
export function targetFile(
  session: TemplateSession,
  node: ScopeSubject,
  folder: 'compiled' | 'run',
  split?: string,
): TargetFile {
  const file = node.original_file_path
  // Generic tests, unit tests and hooks share one file; each has a path of its own below it.
  let path = posix.basename(node.path) === posix.basename(file) ? file : posix.join(file, node.path)
  if (split !== undefined) {
    const { dir, name, ext } = posix.parse(path)
    path = posix.join(dir, name, `${name}_${split}${ext}`)
  }
  const { shown, absolute } = session.shared(`target/${folder}/${node.package_name}`, () =>
    targetFolder(session, folder, node.package_name),
  )
  return { relativePath: `${shown}/${path}`, absolutePath: join(absolute, path) }
}

/** The folder of a package's files: as artifacts name it, and where it is. */
function targetFolder({ project }: TemplateSession, folder: string, packageName: string) {
  const root = relative(project.root.root, project.targetDir)
  const inside = root !== '' && !root.startsWith('..') && !isAbsolute(root)
  const base = inside ? root.split(sep).join('/') : project.targetDir
  return { shown: [base, folder, packageName].join('/'), absolute: join(project.targetDir, folder, packageName) }
}

/** What lies in the folders of the target at the moment, listed when a folder is first written to. */
export class TargetFolders {
  readonly #names = new Map<string, Set<string>>()

  /**
   * Writes a file of the target folder, making its folders. What is there already with this very text is left alone:
   * to read a small file costs a fiftieth of writing it. Synchronous on purpose: it takes a third of the processor time,
   * and a build writes several files for every node.
   */
  write({ absolutePath }: TargetFile, text: string): void {
    const folder = dirname(absolutePath)
    const names = this.#list(folder)
    const name = basename(absolutePath)
    if (names.has(name) || !created(absolutePath, text)) rewrite(absolutePath, text)
    names.add(name)
  }

  #list(folder: string): Set<string> {
    let names = this.#names.get(folder)
    if (names === undefined) {
      names = new Set(listOrMake(folder))
      this.#names.set(folder, names)
    }
    return names
  }
}

function listOrMake(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    mkdirSync(folder, { recursive: true })
    return []
  }
}

/** Writes a file that is new; false when another invocation has made it meanwhile. */
function created(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  }
}

/** Puts the text in place of what the file holds, in one piece for whoever reads it, unless it is the same. */
function rewrite(path: string, text: string): void {
  try {
    if (readFileSync(path, 'utf8') === text) return
  } catch {
    // Whatever it is, it cannot be read: written over, or the error of writing tells.
  }
  const aside = `${path}.${process.pid}.tmp`
  writeFileSync(aside, text)
  renameSync(aside, path)
}
