/**
 * Runs the suite from the command line: `main [part of an id] [--postgres] [--sql] [--quiet] [--trusted] [--new-spelling]`.
 * Prints what fails, then the counts.
 */

import { dialects } from '../../../src/semantic/dialects/index.js'
import { openSuiteDuckdb } from './duckdb-runner.js'
import { openSuitePostgres } from './postgres-runner.js'
import { QueryCases } from './query-cases.js'
import { throughNewSpelling } from './rewrite.js'
import { readErrorCases, readQueryCases, readValidationCases, suiteFolder } from './suite.js'
import { validationFault } from './validations.js'

const options = new Set(process.argv.slice(2).filter((argument) => argument.startsWith('--')))
const filter = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? ''
const folder = suiteFolder(process.cwd())
const onPostgres = options.has('--postgres')
const dialect = onPostgres ? dialects.postgres : dialects.duckdb
const cases = new QueryCases(folder, dialect, options.has('--new-spelling') ? throughNewSpelling : undefined)
const counts: string[] = []

function count<T extends { readonly id: string }>(
  name: string,
  tests: readonly T[],
  faults: ReadonlyMap<T, string>,
): void {
  counts.push(`${name} ${tests.length - faults.size}/${tests.length}`)
  if (options.has('--quiet')) return
  for (const [test, fault] of faults) console.log(`FAIL ${test.id} ${fault.slice(0, 1500)}`)
}

function chosen<T extends { readonly id: string }>(tests: readonly T[]): readonly T[] {
  return tests.filter((test) => test.id.includes(filter))
}

const database = await (onPostgres ? openSuitePostgres(folder) : openSuiteDuckdb(folder))
const times: number[] = []
const queryFaults = new Map<ReturnType<typeof readQueryCases>[number], string>()
const queries = chosen(readQueryCases(folder))
for (const test of queries) {
  const result = await cases.run(test, database, options.has('--trusted'))
  times.push(result.compileTime)
  if (result.fault !== undefined) queryFaults.set(test, `${JSON.stringify(test.query)}\n     ${result.fault}`)
  if (options.has('--sql')) console.log(`${test.id}\n${result.sql}\n`)
}
await database.stop()
count('queries', queries, queryFaults)

const errorFaults = new Map<ReturnType<typeof readErrorCases>[number], string>()
const refusals = chosen(readErrorCases(folder))
for (const test of refusals) {
  const refusal = cases.refusal(test)
  if (refusal === undefined) errorFaults.set(test, 'was not refused')
  else if (options.has('--sql')) console.log(`${test.id}: ${refusal}`)
}
count('refusals', refusals, errorFaults)

const validations = chosen(readValidationCases(folder))
const validationFaults = new Map(
  validations.flatMap((test) => {
    const fault = validationFault(test)
    return fault === undefined ? [] : [[test, fault] as const]
  }),
)
count('validations', validations, validationFaults)

times.sort((a, b) => a - b)
console.log(
  `${counts.join(', ')}; compile median ${times[Math.floor(times.length / 2)]?.toFixed(2)} ms, max ${times.at(-1)?.toFixed(2)} ms`,
)
