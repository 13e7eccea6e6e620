// CPU seconds of column lineage and of `compile --check`: node bench/lineage.mjs PROJECT_DIR NODE
// The first lineage reads every statement, the second finds them in the cache; `ls` is what all of them start with.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const [project, node] = process.argv.slice(2)
if (project === undefined || node === undefined) {
  console.log('usage: node bench/lineage.mjs PROJECT_DIR NODE')
  process.exit(2)
}

function measure(label, ...args) {
  const command = [process.execPath, join(root, 'bin/plumb.js'), ...args].map((word) => `'${word}'`).join(' ')
  const run = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S'; time ${command} > /dev/null 2> /dev/null`], {
    cwd: project,
    encoding: 'utf8',
  })
  const [user, system] = run.stderr.trim().split(/\s+/).slice(-2).map(Number)
  console.log(`${label}: ${(user + system).toFixed(2)} CPU seconds`)
}

measure('warm-up', 'ls', '-q')
measure('ls', 'ls', '-q')
rmSync(join(project, 'target/lineage_cache.json'), { force: true })
measure('lineage, nothing cached', 'lineage', '-q', node)
measure('lineage, cached', 'lineage', '-q', node)
measure('compile --check', 'compile', '--check', '-q')
