import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { REPO } from './project.js'

/** The functional tests run the built tool: build it once before them, unless it was just built (`PLUMB_TEST_BUILD=0`). */
export default function setup(): void {
  if (process.env['PLUMB_TEST_BUILD'] === '0') return
  execFileSync(process.execPath, [join(REPO, 'scripts', 'build.mjs')], { stdio: 'inherit' })
}
