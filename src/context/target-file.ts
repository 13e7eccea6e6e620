import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, posix, relative, sep } from 'node:path'
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
  const { project } = session
  const file = node.original_file_path
  // Generic tests, unit tests and hooks share one file; each has a path of its own below it.
  let path = posix.basename(node.path) === posix.basename(file) ? file : posix.join(file, node.path)
  if (split !== undefined) {
    const { dir, name, ext } = posix.parse(path)
    path = posix.join(dir, name, `${name}_${split}${ext}`)
  }
  const absolutePath = join(project.targetDir, folder, node.package_name, path)
  const root = relative(project.root.root, project.targetDir)
  const inside = root !== '' && !root.startsWith('..') && !isAbsolute(root)
  const base = inside ? root.split(sep).join('/') : project.targetDir
  return { relativePath: [base, folder, node.package_name, path].join('/'), absolutePath }
}

/**
 * Writes a file of the target folder, making its folders. Synchronous on purpose: a small file costs a third of the
 * processor time that way, and a build writes several for every node.
 */
export function writeTargetFile(file: TargetFile, text: string): void {
  try {
    writeFileSync(file.absolutePath, text)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    mkdirSync(dirname(file.absolutePath), { recursive: true })
    writeFileSync(file.absolutePath, text)
  }
}
