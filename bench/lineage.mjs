// CPU seconds of column lineage and of `compile --check`: node bench/lineage.mjs PROJECT_DIR NODE [RUST_PARSER]
// The first lineage reads every statement, the second finds them in the cache; `ls` is what all of them start with. All of it
// twice, between `node -e 0` and a parse by dbt's Rust parser: the machine is never the same.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const [project, node, rust] = process.argv.slice(2)
if (project === undefined || node === undefined) {
  console.log('usage: node bench/lineage.mjs PROJECT_DIR NODE [RUST_PARSER]')
  process.exit(2)
}

function measure(label, program, ...args) {
  const command = [program, ...args].map((word) => `'${word}'`).join(' ')
  const run = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S'; time ${command} > /dev/null 2> /dev/null`], {
    cwd: project,
    encoding: 'utf8',
  })
  const [user, system] = run.stderr.trim().split(/\s+/).slice(-2).map(Number)
  console.log(`${label}: ${(user + system).toFixed(2)} CPU seconds`)
}

const plumb = (label, ...args) => measure(label, process.execPath, join(root, 'bin/plumb.js'), ...args)

plumb('warm-up', 'ls', '-q')
for (let round = 0; round < 2; round++) {
  measure('node -e 0', process.execPath, '-e', '0')
  if (rust !== undefined) measure('Rust parser', rust, 'parse', '--no-partial-parse')
  plumb('ls', 'ls', '-q')
  for (const file of ['lineage_cache.json', 'lineage_graph.json'])
    rmSync(join(project, 'target', file), { force: true })
  plumb('lineage, nothing cached', 'lineage', '-q', node)
  rmSync(join(project, 'target/lineage_graph.json'), { force: true })
  plumb('lineage, statements cached', 'lineage', '-q', node)
  plumb('lineage, cached', 'lineage', '-q', node)
  plumb('compile --check', 'compile', '--check', '-q')
}
