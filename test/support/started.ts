import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { REPO, type TestProject } from './project.js'

/** Starts `plumb` in a project and answers once what it has printed matches. */
export async function started(project: TestProject, until: RegExp, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(REPO, 'bin', 'plumb.js'), ...args], {
    cwd: project.dir,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: project.dir,
      TZ: 'UTC',
      NO_COLOR: '1',
      DBT_PROFILES_DIR: project.dir,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve, reject) => {
    let said = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (until.test(said)) resolve()
    })
    child.once('exit', () => reject(new Error(`it ended before it said ${until}:\n${said}`)))
  })
  return child
}

/** The exit code of a process, once it has ended; null when a signal ended it. */
export function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => child.once('exit', resolve))
}
