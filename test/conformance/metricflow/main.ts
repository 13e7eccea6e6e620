/** Runs the suite from the command line: `main [filter] [--sql]`. Prints what fails, then the counts. */

import { duckdb } from '../../../src/semantic/dialects/duckdb.js'
import { createSemanticEngine, type SemanticEngine } from '../../../src/semantic/engine.js'
import { readMetricQuery } from '../../../src/semantic/query/metric-query.js'
import { difference } from './compare-rows.js'
import { ask, openSuiteDatabase } from './duckdb-runner.js'
import {
  expectedRows,
  readErrorCases,
  readManifest,
  readQueryCases,
  readValidationCases,
  suiteFolder,
} from './suite.js'
import { validationFault } from './validations.js'

const folder = suiteFolder(process.cwd())
const filter = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? ''
const showSql = process.argv.includes('--sql')
const quiet = process.argv.includes('--quiet')

const engines = new Map<string, SemanticEngine>()
function engineOf(manifest: string): SemanticEngine {
  let engine = engines.get(manifest)
  if (engine === undefined) {
    engine = createSemanticEngine(readManifest(folder, manifest), { dialect: duckdb })
    engines.set(manifest, engine)
  }
  return engine
}

const connection = await openSuiteDatabase(folder)
let passed = 0
let total = 0
let chars = 0
const compileTimes: number[] = []
for (const test of readQueryCases(folder)) {
  if (!test.id.includes(filter)) continue
  total++
  let sql = ''
  let fault: string | undefined
  try {
    const started = performance.now()
    sql = engineOf(test.manifest).compile({
      ...readMetricQuery(test.query),
      trusted: process.argv.includes('--trusted'),
    }).sql
    compileTimes.push(performance.now() - started)
    chars += sql.length
    const answer = await ask(connection, sql)
    const expected = {
      columns: test.expected.columns.map((column) => column.name),
      rows: expectedRows(folder, test.expected),
    }
    if (test.compare === 'row_count') {
      if (answer.rows.length !== test.expected.row_count) fault = `${answer.rows.length} rows`
    } else fault = difference(answer, expected, test.check_order)
  } catch (error) {
    fault = error instanceof Error ? (process.argv.includes('--stack') ? error.stack : error.message) : String(error)
  }
  if (fault === undefined) passed++
  else if (!quiet) console.log(`FAIL ${test.id} ${JSON.stringify(test.query)}\n     ${fault.slice(0, 1500)}`)
  if (showSql) console.log(`${test.id}\n${sql}\n`)
}
let refused = 0
let errors = 0
for (const test of readErrorCases(folder)) {
  if (!test.id.includes(filter)) continue
  errors++
  try {
    const { sql } = engineOf(test.manifest).compile(readMetricQuery(test.query))
    console.log(`NOT REFUSED ${test.id} ${JSON.stringify(test.query)}\n${sql}`)
  } catch (error) {
    refused++
    if (showSql) console.log(`${test.id}: ${error instanceof Error ? error.message : error}`)
  }
}
let valid = 0
let validations = 0
for (const test of readValidationCases(folder)) {
  if (!test.id.includes(filter)) continue
  validations++
  const fault = validationFault(test)
  if (fault === undefined) valid++
  else if (!quiet) console.log(`FAIL ${test.id} ${fault}`)
}
compileTimes.sort((a, b) => a - b)
console.log(
  `queries ${passed}/${total}, refusals ${refused}/${errors}, validations ${valid}/${validations}; compile median ${compileTimes[Math.floor(compileTimes.length / 2)]?.toFixed(2)} ms, max ${compileTimes.at(-1)?.toFixed(2)} ms; ${chars} characters of SQL`,
)
