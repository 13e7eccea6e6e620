// Every statement of a corpus through the analysis: none may throw or take longer than 10 s.
// node test/conformance/lineage/statements.mjs DIALECT PATH... : folders with *.sql (compiled or with Jinja, whose
// expressions become names) and *.py, of which every text that holds a query is taken (fixtures of test suites).
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { loadEngine } from './load-engine.mjs'

const [dialect, ...paths] = process.argv.slice(2)
if (paths.length === 0) {
  console.log('usage: statements.mjs DIALECT PATH...   (skipped: no corpus was given)')
  process.exit(0)
}

/** What a template may come to: expressions are names, everything else of Jinja is gone. */
const withoutJinja = (text) =>
  text
    .replace(/\{#[\s\S]*?#\}/g, '')
    .replace(/\{%-?\s*(?:macro|test|materialization|snapshot|endmacro|endtest|endsnapshot)[\s\S]*?%\}/g, '')
    .replace(/\{%[\s\S]*?%\}/g, ' ')
    .replace(/\{\{[\s\S]*?\}\}/g, 'jinja_name')

function* texts(path) {
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path)) yield* texts(join(path, name))
  } else if (path.endsWith('.sql')) yield [path, withoutJinja(readFileSync(path, 'utf8'))]
  else if (path.endsWith('.py')) {
    const found = readFileSync(path, 'utf8').matchAll(/"""([\s\S]*?)"""|'''([\s\S]*?)'''/g)
    let n = 0
    for (const [, a, b] of found) if (/\b(select|with)\b/i.test(a ?? b)) yield [`${path}#${++n}`, withoutJinja(a ?? b)]
  }
}

const { createEngine, createTableSchema } = await loadEngine()
const engine = await createEngine()
const count = { column: 0, table: 0, none: 0 }
const faults = []
for (const path of paths) {
  for (const [id, sql] of texts(path)) {
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
}
for (const fault of faults) console.log(fault)
console.log(
  `${count.column + count.table + count.none} texts: ${count.column} by column, ${count.table} by table, ${count.none} are no query or cannot be parsed; ${faults.length} faults`,
)
process.exitCode = faults.length > 0 ? 1 : 0
