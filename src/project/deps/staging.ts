import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const LEFT_OVER = /\.(?:installing|replaced)-(\d+)$/

/**
 * Builds a folder aside and puts it in the place of `folder` when `build` succeeded; otherwise the old one stays. What a
 * killed process left beside it is removed.
 */
export async function replaceFolder(folder: string, build: (staging: string) => Promise<void>): Promise<void> {
  removeLeftOvers(folder)
  const staging = `${folder}.installing-${process.pid}`
  const old = `${folder}.replaced-${process.pid}`
  mkdirSync(staging, { recursive: true })
  try {
    await build(staging)
    if (existsSync(folder)) renameSync(folder, old)
    renameSync(staging, folder)
  } finally {
    // Put back what was moved away when the new folder could not be moved in.
    if (existsSync(old) && !existsSync(folder)) renameSync(old, folder)
    for (const each of [staging, old]) rmSync(each, { recursive: true, force: true })
  }
}

function removeLeftOvers(folder: string): void {
  const parent = dirname(folder)
  if (!existsSync(parent)) return
  for (const name of readdirSync(parent)) {
    const pid = name.startsWith(basename(folder)) ? LEFT_OVER.exec(name)?.[1] : undefined
    if (pid === undefined || (Number(pid) !== process.pid && isRunning(Number(pid)))) continue
    rmSync(join(parent, name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
