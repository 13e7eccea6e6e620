#!/usr/bin/env node
// dbt's own tests against bin/plumb.js, through the runner of the shared conformance suite.
//
//   npm run test:conformance:dbt                       the adapter tests (PostgreSQL)
//   npm run test:conformance:dbt -- core TREE          dbt-core's functional tests; TREE is a checkout of its 1.11.latest
//   npm run test:conformance:dbt -- open -k hooks      what follows goes to pytest
//
// The suite makes its own Python environment from PyPI and its own PostgreSQL server. Where the suite, Python 3.11, the
// server's programs or PyPI cannot be had, this says so and ends well. It fails when a test fails that is not listed in
// known-differences.txt.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const repo = resolve(here, '../../..')
const suite = join(process.env['PLUMB_SHARED'] ?? join(repo, '..', 'shared'), 'conformance', 'dbt')
const place = process.env['PLUMB_CONFORMANCE_DIR'] ?? join(tmpdir(), 'plumb-conformance-dbt')
const python = process.env['PYTHON'] ?? 'python3.11'

function skip(why) {
  console.log(`skipped: ${why}`)
  process.exit(0)
}

function works(command, args, options = {}) {
  return spawnSync(command, args, { stdio: 'ignore', ...options }).status === 0
}

if (!existsSync(join(suite, 'run.sh')))
  skip('dbt’s tests need the conformance material, which is not here (set PLUMB_SHARED)')
if (!works(python, ['--version'])) skip(`dbt’s tests need ${python} (set PYTHON)`)
if (
  !works('bash', ['-c', 'command -v postgres || ls /usr/lib/postgresql/*/bin/postgres']) &&
  !process.env['POSTGRES_TEST_PORT']
)
  skip('dbt’s tests need a PostgreSQL server: its programs, or POSTGRES_TEST_PORT of one that runs')

mkdirSync(place, { recursive: true })
cpSync(suite, place, { recursive: true, force: true })
works('chmod', ['-R', 'u+w', place])
const venv = join(place, '.venv')
if (!existsSync(join(venv, 'bin', 'pytest'))) {
  const made =
    works(python, ['-m', 'venv', venv]) &&
    works(join(venv, 'bin', 'pip'), ['install', '-q', '--retries', '1', '-r', join(place, 'requirements.txt')])
  if (!made) skip('dbt’s tests come from PyPI, which cannot be reached')
}

const [set = 'open', ...rest] = process.argv.slice(2)
const run = spawnSync('bash', [join(place, 'run.sh'), set, ...rest], {
  stdio: 'inherit',
  env: { JOBS: '2', ...process.env, PLUMB_CLI: process.env['PLUMB_CLI'] ?? `node ${join(repo, 'bin', 'plumb.js')}` },
})
const report = join(place, '.out', `${set}.jsonl`)
if (run.error || !existsSync(report)) {
  console.error(`the suite did not run: see ${join(place, '.out', `${set}.log`)}`)
  process.exit(1)
}

const last = new Map()
for (const line of readFileSync(report, 'utf8').split('\n').filter(Boolean)) {
  const { test, outcome } = JSON.parse(line)
  last.set(test, outcome)
}
const known = new Set(
  readFileSync(join(here, 'known-differences.txt'), 'utf8')
    .split('\n')
    .map((line) => line.replace(/\s+#.*|^#.*/, '').trim())
    .filter(Boolean),
)
const failed = [...last].filter(([, outcome]) => outcome === 'failed').map(([test]) => test)
const unexpected = failed.filter((test) => !known.has(test))
const mended = [...known].filter((test) => last.get(test) === 'passed')
if (mended.length > 0) console.log(`\npass now, take them from known-differences.txt:\n  ${mended.join('\n  ')}`)
if (unexpected.length > 0) console.log(`\nfail and are not in known-differences.txt:\n  ${unexpected.join('\n  ')}`)
const passed = [...last.values()].filter((outcome) => outcome === 'passed').length
console.log(`\n${passed} of ${last.size} passed, ${failed.length - unexpected.length} known differences`)
process.exit(unexpected.length > 0 ? 1 : 0)
