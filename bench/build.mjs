#!/usr/bin/env node
// A build beside its own SQL: how much of the cost is the tool's, how much the warehouse's.
//
//   node bench/build.mjs PROJECT_DIR [--dbt path/to/dbt] [--runs 3] [--before seed]
//
// The project runs on DuckDB, in the file dev.duckdb of its profile. The raw side are the statements that the build
// itself sends, taken from its JSON log: one per model and test, two per seed, those that look at the catalogue; without
// the BEGIN and COMMIT around models. bench/raw.mjs sends them in the same order, one at a time,
// through the same DuckDB binding, and reads what they answer; it writes no files and knows no project.
// `plumb build` is timed twice: with nothing in target/ (everything is parsed, every compiled file is made), and again
// on the same database with what an earlier build left in target/, as in all builds but the first.
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { once, race, report } from './measure.mjs'

const [source, ...rest] = process.argv.slice(2)
if (source === undefined) throw new Error('usage: node bench/build.mjs PROJECT_DIR [--dbt DBT] [--runs N]')
const option = (name) => (rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1] : undefined)
const runs = Number(option('runs') ?? 3)
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const plumb = join(root, 'bin', 'plumb.js')
const scratch = mkdtempSync(join(tmpdir(), 'plumb-bench-'))
const database = option('db') ?? 'dev.duckdb'

function copy(name) {
  const cwd = join(scratch, name)
  cpSync(source, cwd, {
    recursive: true,
    filter: (path) => !/\/(target|logs)(\/|$)|\.duckdb(\.wal)?$/.test(path.slice(source.length)),
  })
  return cwd
}
// The database every build starts from: empty, or as `--before` (a command of the tool) leaves it.
const start = join(scratch, 'start.duckdb')
let wiped = 0
const wipe =
  (cwd, kept = []) =>
  () => {
    for (const name of ['target', 'logs', database, `${database}.wal`]) {
      const path = join(cwd, name)
      // Put away, not deleted: where thousands of files were deleted a moment ago, some file systems make new ones slowly.
      if (!kept.includes(name) && existsSync(path)) renameSync(path, join(scratch, `wiped-${wiped++}`))
    }
    if (existsSync(start)) cpSync(start, join(cwd, database))
  }
const env = (cwd) => ({ DBT_PROFILES_DIR: cwd, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false', DBT_USE_COLORS: 'false' })

if (option('before')) {
  const before = copy('before')
  const done = once(process.execPath, [plumb, option('before')], { cwd: before, env: env(before) })
  if (done.code !== 0) throw new Error(done.output.slice(-3000))
  cpSync(join(before, database), start)
}

// Once with a log, for the statements.
const logged = copy('logged')
wipe(logged)()
const first = once(process.execPath, [plumb, 'build'], {
  cwd: logged,
  env: { ...env(logged), DBT_LOG_FORMAT_FILE: 'json', DBT_LOG_LEVEL_FILE: 'debug' },
})
if (first.code !== 0) throw new Error(first.output.slice(-3000))
const statements = readFileSync(join(logged, 'logs', 'dbt.log'), 'utf8')
  .split('\n')
  .filter((line) => line.includes('"SQLQuery"'))
  // Seeds are logged abridged: the statement is whole, only marked so.
  .map((line) => JSON.parse(line).data.sql.replace(/\.\.\.$/, ''))
  .filter((sql) => !/^(BEGIN|COMMIT|ROLLBACK)$/.test(sql))
writeFileSync(join(scratch, 'statements.json'), JSON.stringify(statements))
console.log(`${statements.length} statements`)

const ours = copy('plumb')
const again = copy('again')
renameSync(join(logged, 'target'), join(again, 'target'))
once(process.execPath, [plumb, 'parse', '--quiet'], { cwd: again, env: env(again) })
const raw = copy('raw')
report(
  `build of ${source} (first line: the statements alone; the tool may cost 1.3x)`,
  race(
    [
      {
        name: 'raw statements',
        command: process.execPath,
        args: [join(root, 'bench', 'raw.mjs'), join(scratch, 'statements.json'), join(raw, database)],
        cwd: raw,
        before: wipe(raw),
      },
      {
        name: 'plumb build',
        command: process.execPath,
        args: [plumb, 'build', '--quiet', '--log-level-file', 'none'],
        cwd: ours,
        env: env(ours),
        before: wipe(ours),
      },
      {
        name: 'plumb build, again',
        command: process.execPath,
        args: [plumb, 'build', '--quiet', '--log-level-file', 'none'],
        cwd: again,
        env: env(again),
        before: wipe(again, ['target']),
      },
      ...(option('dbt')
        ? [
            {
              name: 'dbt build',
              command: option('dbt'),
              args: ['build', '--quiet'],
              cwd: copy('dbt'),
              env: env(join(scratch, 'dbt')),
              before: wipe(join(scratch, 'dbt')),
            },
          ]
        : []),
    ],
    { runs, warmup: 0 },
  ),
)
rmSync(scratch, { recursive: true, force: true })
