#!/usr/bin/env node
// Parsing a project: from nothing, and with nothing changed, beside other command lines on the same project.
//
//   node bench/parse.mjs PROJECT_DIR [--dbt path/to/dbt] [--rust path/to/dbt2] [--runs 3]
//
// PROJECT_DIR holds a profiles.yml. The directory is copied; nothing in it is changed.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { race, report } from './measure.mjs'

const [source, ...rest] = process.argv.slice(2)
if (source === undefined)
  throw new Error('usage: node bench/parse.mjs PROJECT_DIR [--dbt DBT] [--rust DBT2] [--runs N]')
const option = (name) => (rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1] : undefined)
const runs = Number(option('runs') ?? 3)
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const scratch = mkdtempSync(join(tmpdir(), 'plumb-bench-'))

function contestant(name, command, args) {
  const cwd = join(scratch, name.replace(/\W+/g, '-'))
  cpSync(source, cwd, { recursive: true, filter: (path) => !/\/(target|logs)(\/|$)/.test(path.slice(source.length)) })
  const env = { DBT_PROFILES_DIR: cwd, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false', DBT_USE_COLORS: 'false' }
  return { name, command, args, cwd, env, before: () => rmSync(join(cwd, 'target'), { recursive: true, force: true }) }
}
const peers = [
  contestant('plumb', process.execPath, [join(root, 'bin', 'plumb.js'), 'parse', '--quiet']),
  ...(option('rust') ? [contestant('rust v2', option('rust'), ['parse', '--quiet'])] : []),
  ...(option('dbt') ? [contestant('dbt-core', option('dbt'), ['parse', '--quiet'])] : []),
]
report(`full parse of ${source}`, race(peers, { runs, warmup: 0 }))
report(
  `parse of ${source} with nothing changed`,
  race(
    peers.map(({ before, ...peer }) => peer),
    { runs, warmup: 1 },
  ),
)
rmSync(scratch, { recursive: true, force: true })
