import { relative } from 'node:path'
import { resolveProfilesDir } from '../../project/index.js'
import type { RunResult } from '../../run/index.js'
import type { Ready } from '../ready.js'

/** Commands that `retry` can repeat and people run by hand. */
const REPEATABLE: ReadonlySet<string> = new Set(['build', 'run', 'test', 'seed', 'snapshot', 'compile', 'clone'])

/**
 * After a run with failures: what to type next, as it has to be typed in the directory the user is in.
 * @param failed results that failed, in the order of the run
 */
export function emitNextCommand(ready: Ready, failed: readonly RunResult[]): void {
  if (failed.length === 0 || !REPEATABLE.has(ready.flags.which)) return
  const where = whereOptions(ready)
  const test = failed.find(({ node, status }) => node.resource_type === 'test' && status === 'fail')
  const lines = [
    ...(test === undefined ? [] : [`  plumb show --select ${test.node.name}${where}   # the rows it found`]),
    `  plumb retry${where}   # again, what failed and what was skipped for it`,
  ]
  const width = Math.max(...lines.map((line) => line.indexOf('#')))
  const aligned = lines.map((line) => line.replace('#', '#'.padStart(width - line.indexOf('#') + 1)))
  const msg = ['Next:', ...aligned].join('\n')
  ready.emit({ name: 'Note', code: 'Z050', level: 'info', msg, data: { msg } })
}

/** The options that say where project and profile are, where they are needed. */
function whereOptions({ invocation, projectDir, profilesDir, options }: Ready): string {
  const { cwd } = invocation
  const target = options.text('target')
  return [
    ...(projectDir === cwd ? [] : ['--project-dir', relative(cwd, projectDir)]),
    ...(resolveProfilesDir(invocation, projectDir, null) === profilesDir
      ? []
      : ['--profiles-dir', relative(cwd, profilesDir) || '.']),
    ...(target === null ? [] : ['--target', target]),
  ]
    .map((word) => ` ${/^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`}`)
    .join('')
}
