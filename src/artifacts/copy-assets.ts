import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Copies the project's `asset-paths` beside the documentation that shows them; what an earlier copy left is replaced,
 * a path that is not there is passed over.
 */
export function copyAssets(projectRoot: string, paths: readonly string[], targetDir: string): void {
  for (const path of paths) {
    const to = join(targetDir, path)
    rmSync(to, { recursive: true, force: true })
    const from = join(projectRoot, path)
    if (existsSync(from)) cpSync(from, to, { recursive: true })
  }
}
