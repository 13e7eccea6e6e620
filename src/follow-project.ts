import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ManagedQueryService } from './query/index.js'
import { groundOf, lineageFor } from './query-workspace.js'
import type { Workspace } from './workspace.js'

/** How often the artifacts are looked at. */
const INTERVAL = 1000

export interface FollowOptions {
  readonly service: ManagedQueryService
  /** The project as it is on disk now, opened anew. */
  readonly reopen: () => Promise<Workspace>
  readonly targetDir: string
  readonly log: (level: 'debug' | 'info' | 'warn', message: string) => void
}

export interface Following {
  /** Takes the project in anew, whether or not anything seems to have changed. */
  refresh(): Promise<void>
  close(): Promise<void>
}

/**
 * Keeps a service up with its project: after every build, of whatever process, it stands on the new definitions and
 * forgets what it knew of the old tables. A project that does not parse changes nothing.
 */
export function followProject(first: Workspace, options: FollowOptions): Following {
  const { service, log, targetDir } = options
  let current = first
  let seen = stampOf(targetDir)
  let busy: Promise<void> | undefined
  let closed = false

  const take = async (workspace: Workspace): Promise<void> => {
    const ground = await groundOf(workspace)
    service.replace(ground)
    const lineage = await lineageFor(workspace, (message) => log('warn', message))
    if (lineage !== null && !closed && current === workspace) service.replace({ ...ground, lineage })
  }
  const refresh = async (): Promise<void> => {
    seen = stampOf(targetDir)
    let next: Workspace | undefined
    try {
      next = await options.reopen()
      const before = current
      await next.manifest()
      current = next
      await take(next)
      // Answers that still read from the old connections end first; new ones use the new.
      if (before !== first) setTimeout(() => void before.close().catch(() => {}), 60_000).unref()
      log('info', 'the project was taken in anew')
    } catch (error) {
      if (next !== undefined && next !== current) await next.close().catch(() => {})
      log('warn', `the project stays as it was: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const run = (): Promise<void> => {
    busy ??= refresh().finally(() => {
      busy = undefined
    })
    return busy
  }
  const timer = setInterval(() => {
    if (stampOf(targetDir) !== seen) void run()
  }, INTERVAL)
  timer.unref()
  // What columns are made of is worked out while the first questions are answered.
  busy = lineageFor(first, (message) => log('warn', message))
    .then(async (lineage) => {
      if (lineage !== null && !closed && current === first) service.replace({ ...(await groundOf(first)), lineage })
    })
    .catch((error: unknown) => log('warn', String(error)))
    .finally(() => {
      busy = undefined
    })
  return {
    async refresh() {
      await busy
      await run()
    },
    async close() {
      closed = true
      clearInterval(timer)
      // What is being worked out is for nobody any more: it is not waited for longer than a moment.
      await Promise.race([busy, sleep(1000, undefined, { ref: false })])
      if (current !== first) await current.close()
    },
  }
}

/** Says whether a build has ended since. */
function stampOf(targetDir: string): string {
  const files = ['run_results.json']
  return files.map((name) => statSync(join(targetDir, name), { throwIfNoEntry: false })?.mtimeMs ?? 0).join()
}
