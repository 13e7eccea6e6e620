#!/usr/bin/env node
// Other people's projects: parse, compile and build of each, beside dbt-core and dbt's Rust parser where they are given.
//
//   node bench/real-projects.mjs PROJECT... [--dbt DBT] [--rust RUST] [--steps parse,compile,build] [--runs 1]
//                                [--before "seed --vars '{a: 1}'"] [--args "--exclude x"]
//
// A project holds its packages in dbt_packages/ and a profiles.yml; it is copied, never changed. Every contestant starts
// every step from nothing: no target folder, no DuckDB file, but what `--before` (a command that each runs for itself
// before it compiles or builds, not timed) leaves. A build may end with 1: tests that fail are the project's own affair.
// So may the Rust parser, which refuses YAML that dbt-core takes; what it took for that is shown all the same.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { race, report } from './measure.mjs'

const { values: options, positionals: projects } = parseArgs({
  allowPositionals: true,
  options: {
    dbt: { type: 'string' },
    rust: { type: 'string' },
    steps: { type: 'string', default: 'parse,compile,build' },
    runs: { type: 'string', default: '1' },
    before: { type: 'string' },
    args: { type: 'string', default: '' },
  },
})
if (projects.length === 0) throw new Error('usage: node bench/real-projects.mjs PROJECT... [--dbt DBT] [--rust RUST]')

const plumb = join(dirname(fileURLToPath(import.meta.url)), '..', 'bin', 'plumb.js')
/** Steps that each tool has: the Rust parser has no drivers for warehouses. */
const tools = [
  { name: 'plumb', command: `"${process.execPath}" "${plumb}"`, steps: ['parse', 'compile', 'build'] },
  ...(options.dbt ? [{ name: 'dbt-core', command: options.dbt, steps: ['parse', 'compile', 'build'] }] : []),
  ...(options.rust ? [{ name: 'Rust parser', command: options.rust, steps: ['parse'] }] : []),
]
const scratch = mkdtempSync(join(tmpdir(), 'plumb-real-'))
const GENERATED = /\/(?:target|logs)(?:\/|$)|\.duckdb(?:\.wal)?$/

for (const project of projects) {
  for (const step of options.steps.split(',')) {
    const contestants = tools
      .filter(({ steps }) => steps.includes(step))
      .map(({ name, command }) => {
        const cwd = join(scratch, basename(project), name)
        cpSync(project, cwd, { recursive: true, filter: (path) => !GENERATED.test(path.slice(project.length)) })
        const env = { DBT_PROFILES_DIR: cwd, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false', DBT_USE_COLORS: 'false' }
        return {
          name,
          command: 'bash',
          args: ['-c', `${command} ${step} ${step === 'parse' ? '--no-partial-parse' : ''} ${options.args}`],
          cwd,
          env,
          ok: step === 'build' || name === 'Rust parser' ? [0, 1] : [0],
          before: () => startAfresh(cwd, command, env, step !== 'parse'),
        }
      })
    report(`${basename(project)}: ${step}`, race(contestants, { runs: Number(options.runs), warmup: 0 }))
  }
}
rmSync(scratch, { recursive: true, force: true })

function startAfresh(cwd, command, env, prepares) {
  for (const name of readdirSync(cwd)) {
    if (GENERATED.test(`/${name}`)) rmSync(join(cwd, name), { recursive: true, force: true })
  }
  if (options.before === undefined || !prepares) return
  const { status, stdout } = spawnSync('bash', ['-c', `${command} ${options.before}`], {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${command} ${options.before} ended with ${status}:\n${stdout.slice(-2000)}`)
}
