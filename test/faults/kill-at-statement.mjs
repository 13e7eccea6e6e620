// Loaded with --import before the tool: ends the process, as `kill -9` would, at a statement of DuckDB.
// FAULT_AT: which statement, counted from 1. FAULT_WHEN: `before` it is sent or `during` it. FAULT_COUNT: a file for the
// number of statements of a run that is not disturbed.
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const { FAULT_WHEN: when, FAULT_COUNT: file } = process.env
const at = Number(process.env.FAULT_AT ?? 'NaN')
let count = 0

// The driver may be bundled; what it stands on is native and loaded by name.
const require = createRequire(import.meta.url)
const native = require('@duckdb/node-bindings')
const bindings = {}
for (const name of Object.getOwnPropertyNames(native)) bindings[name] = native[name]
for (const name of ['query', 'execute_prepared', 'execute_prepared_streaming', 'execute_pending']) {
  bindings[name] = (...args) => {
    count++
    if (count === at && when === 'before') process.kill(process.pid, 'SIGKILL')
    const result = native[name](...args)
    if (count === at) process.kill(process.pid, 'SIGKILL')
    return result
  }
}
require.cache[require.resolve('@duckdb/node-bindings')].exports = bindings
if (file !== undefined) process.on('exit', () => writeFileSync(file, String(count)))
