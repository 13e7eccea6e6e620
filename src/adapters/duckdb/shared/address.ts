import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'

/** Longer paths cannot be sockets (sun_path has 104 bytes on macOS, 108 on Linux). */
const LONGEST = 100

/**
 * Where the process that has a database file open listens for others of the same user; null where that cannot be:
 * databases in memory or elsewhere, and Windows.
 */
export function shareAddress(path: string, projectRoot: string): string | null {
  if (process.platform === 'win32' || path.startsWith(':memory:') || /^[a-z][a-z0-9+.-]+:/i.test(path)) return null
  const file = realFile(resolve(projectRoot, path))
  const beside = join(dirname(file), `.${basename(file)}.plumb`)
  if (Buffer.byteLength(beside) <= LONGEST) return beside
  const folder = ownFolder()
  const name = createHash('sha256').update(file).digest('hex').slice(0, 24)
  return folder === null ? null : join(folder, name)
}

/** One name for one file, whatever links lead to it; the file itself need not be there yet. */
function realFile(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    try {
      return join(realpathSync(dirname(path)), basename(path))
    } catch {
      return path
    }
  }
}

/** A folder that nobody else can put anything into. */
function ownFolder(): string | null {
  const uid = process.getuid?.() ?? 0
  const folder = join(tmpdir(), `plumb-${uid}`)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const found = lstatSync(folder)
    return found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0 ? folder : null
  } catch {
    return null
  }
}
