#!/usr/bin/env node
// What starting the tool costs: `plumb --version` beside `node -e 0`, `plumb ls` and `--help` on the example project.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { race, report } from './measure.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const plumb = join(root, 'bin', 'plumb.js')
const project = join(mkdtempSync(join(tmpdir(), 'plumb-bench-')), 'example')
cpSync(join(root, 'example-project'), project, { recursive: true })
const node = (name, args) => ({
  name,
  command: process.execPath,
  args,
  cwd: project,
  env: { DBT_PROFILES_DIR: project },
})

report(
  'start-up (first line: node itself; --version may cost 1.5x)',
  race(
    [
      node('node -e 0', ['-e', '0']),
      node('plumb --version', [plumb, '--version']),
      node('plumb build --help', [plumb, 'build', '--help']),
    ],
    { runs: 15, warmup: 2 },
  ),
)
report(
  'plumb ls on the example project (limit 0.5 CPU s)',
  race([node('ls, nothing changed', [plumb, 'ls']), node('ls, full parse', [plumb, 'ls', '--no-partial-parse'])], {
    runs: 7,
    warmup: 1,
  }),
)
rmSync(dirname(project), { recursive: true, force: true })
