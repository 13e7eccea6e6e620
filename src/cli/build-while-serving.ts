import { copyFileSync, existsSync, mkdirSync, watch } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Ready } from './ready.js'
import { runGraph } from './run-graph.js'

/** Saving a file makes several events, and people save several files. */
const SETTLE = 400

interface Served {
  refresh(): Promise<void>
}

/**
 * Builds the project in the process that serves it; with `watch`, whenever its files change, what changed and
 * everything below that. Questions are answered from the old tables meanwhile. A build that fails is told, and the
 * serving goes on.
 */
export async function buildWhileServing(
  ready: Ready,
  served: Served,
  { watch: watches }: { readonly watch: boolean },
): Promise<void> {
  const { targetDir, root } = await ready.project()
  const state = join(targetDir, 'served')
  const build = async (changed: boolean): Promise<void> => {
    const since = changed && existsSync(join(state, 'manifest.json'))
    const args = { ...ready.flags.args, which: 'build', ...(since ? { select: ['state:modified+'], state } : {}) }
    try {
      await runGraph(await ready.again('build', args))
      mkdirSync(state, { recursive: true })
      copyFileSync(join(targetDir, 'manifest.json'), join(state, 'manifest.json'))
    } catch (error) {
      tell(ready, error)
    }
    await served.refresh()
  }
  let last = build(false)
  // Watched from the start: what is saved during the first build is built after it.
  if (watches) {
    watchFiles(ready, root.root, targetDir, () => {
      last = last.then(() => build(true))
      return last
    })
  }
  await last
}

function tell(ready: Ready, error: unknown): void {
  const msg = error instanceof Error ? error.message : String(error)
  ready.emit({ name: 'BuildWhileServing', code: 'Z101', level: 'error', msg: `The build failed: ${msg}`, data: {} })
}

/** Calls back after files of the project changed; never twice at once. */
function watchFiles(ready: Ready, root: string, targetDir: string, changed: () => Promise<void>): void {
  const { signal } = ready.invocation
  let timer: ReturnType<typeof setTimeout> | undefined
  let busy = false
  let again = false
  const run = async (): Promise<void> => {
    if (busy) {
      again = true
      return
    }
    busy = true
    do {
      again = false
      await changed()
    } while (again && !signal.aborted)
    busy = false
  }
  const watcher = watch(root, { recursive: true, signal }, (_, name) => {
    if (name === null || isOurs(name, relative(root, targetDir))) return
    clearTimeout(timer)
    timer = setTimeout(() => void run(), SETTLE)
  })
  watcher.on('error', (error) => {
    if (!signal.aborted) tell(ready, error)
  })
}

/** Written by builds themselves, or by nobody's hand. */
function isOurs(name: string, targetDir: string): boolean {
  const [first = ''] = name.split(sep)
  if (['.git', 'logs', 'dbt_packages', 'node_modules', '.user.yml'].includes(first)) return true
  return name === targetDir || name.startsWith(targetDir + sep) || !/\.(?:sql|ya?ml|csv|md|py|json)$/i.test(name)
}
