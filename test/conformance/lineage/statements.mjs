// Every statement of every corpus at hand through the analysis: none may throw or take longer than 10 s.
// node test/conformance/lineage/statements.mjs [DIALECT:PATH...] : beside the corpora of the repository and of ../shared
// (or PLUMB_SHARED), folders with *.sql (compiled or with Jinja, whose expressions become names) and with *.py, of which
// every text that holds a query is taken (fixtures of test suites).
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadEngine } from './load-engine.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..')
const shared = process.env.PLUMB_SHARED ?? join(root, '../shared')

/** What a template may come to: expressions are names, everything else of Jinja is gone. */
const withoutJinja = (text) =>
  text
    .replace(/\{#[\s\S]*?#\}/g, '')
    .replace(/\{%-?\s*(?:macro|test|materialization|snapshot|endmacro|endtest|endsnapshot)[\s\S]*?%\}/g, '')
    .replace(/\{%[\s\S]*?%\}/g, ' ')
    .replace(/\{\{[\s\S]*?\}\}/g, 'jinja_name')

function* texts(path) {
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).sort())
      if (name !== 'node_modules' && name !== '.venv') yield* texts(join(path, name))
  } else if (path.endsWith('.sql')) yield [path, withoutJinja(readFileSync(path, 'utf8'))]
  else if (path.endsWith('.py')) {
    const found = readFileSync(path, 'utf8').matchAll(/"""([\s\S]*?)"""|'''([\s\S]*?)'''/g)
    let n = 0
    for (const [, a, b] of found) if (/\b(select|with)\b/i.test(a ?? b)) yield [`${path}#${++n}`, withoutJinja(a ?? b)]
  }
}

/** Statements between lines of comment that name them. */
function* pieces(path) {
  let n = 0
  for (const sql of readFileSync(path, 'utf8').split(/^-- (?=\S.*$)/m))
    if (sql.trim() !== '') yield [`${path}#${++n}`, sql.slice(sql.indexOf('\n') + 1)]
}

/** One field of every line of a file of JSON. */
function* field(path, name) {
  let n = 0
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const sql = line === '' ? undefined : JSON.parse(line)[name]
    if (typeof sql === 'string') yield [`${path}#${++n}`, sql]
  }
}

function* corpora() {
  const snapshots = join(root, 'test/semantic/snapshots')
  for (const name of readdirSync(snapshots).filter((each) => each.endsWith('.sql')))
    yield [`metric queries, ${basename(name, '.sql')}`, basename(name, '.sql'), () => pieces(join(snapshots, name))]
  yield ['hand-written cases', 'duckdb', () => texts(join(root, 'test/lineage/cases'))]
  yield ['example project', 'duckdb', () => texts(join(root, 'example-project/models'))]
  yield ['built-in macros', 'duckdb', () => texts(join(root, 'src/macros'))]
  const metricflow = join(shared, 'conformance/metricflow/open.jsonl')
  if (existsSync(metricflow)) yield ['MetricFlow, by hand', 'duckdb', () => field(metricflow, 'check_sql')]
  const clients = join(shared, 'introspection/raw.jsonl')
  if (existsSync(clients)) yield ['clients of PostgreSQL', 'postgres', () => field(clients, 'sql')]
  for (const dialect of ['duckdb', 'postgres']) {
    const suite = join(shared, 'conformance/dbt')
    if (existsSync(suite)) yield [`dbt's suite, ${dialect}`, dialect, () => texts(suite)]
  }
  for (const given of process.argv.slice(2)) {
    const colon = given.indexOf(':')
    const path = given.slice(colon + 1)
    yield [path, given.slice(0, colon), () => texts(path)]
  }
}

const { createEngine, createTableSchema } = await loadEngine()
const engine = await createEngine()
const faults = []
const all = { column: 0, table: 0, none: 0 }
const line = (name, { column, table, none }) =>
  console.log(
    `${name.padEnd(40)} ${String(column + table + none).padStart(7)} ${String(column).padStart(9)} ${String(table).padStart(8)} ${String(none).padStart(8)}`,
  )
console.log(`${'corpus'.padEnd(40)} ${'texts'.padStart(7)} by column by table    other`)
for (const [name, dialect, statements] of corpora()) {
  const count = { column: 0, table: 0, none: 0 }
  for (const [id, sql] of statements()) {
    const started = performance.now()
    try {
      const found = await engine.analyze({ id, sql }, createTableSchema([]), dialect)
      count[found.level]++
      if (found.reason?.startsWith('reading it failed')) faults.push(`${id}: ${found.reason}`)
    } catch (error) {
      faults.push(`${id}: ${error.stack}`)
    }
    if (performance.now() - started > 10_000) faults.push(`${id}: over 10 s`)
  }
  for (const level of Object.keys(all)) all[level] += count[level]
  line(name, count)
}
line('all', all)
for (const fault of faults) console.log(fault)
console.log(`${faults.length} faults; "other" are no queries, or not SQL of this dialect`)
process.exitCode = faults.length > 0 ? 1 : 0
