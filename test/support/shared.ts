import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { REPO } from './project.js'

/** A file or folder of the suites nobody here wrote, or undefined (with a line on the terminal) where they are absent. */
export function sharedPath(name: string): string | undefined {
  const path = join(process.env['PLUMB_SHARED'] ?? join(REPO, '..', 'shared'), name)
  if (existsSync(path)) return path
  console.info(`skipped: ${name} needs the conformance material, which is not here (set PLUMB_SHARED)`)
  return undefined
}
