// Column lineage held against sqlglot's: the same sources for every output column of compiled models.
// node test/conformance/lineage/compare.mjs PYTHON PROJECT... : PYTHON has sqlglot; PROJECT is a folder with
// target/manifest.json of a compile, or with *.sql files and no manifest, and with a DuckDB file that has the tables.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { loadEngine } from './load-engine.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const [python = 'python3', ...projects] = process.argv.slice(2)
if (projects.length === 0) {
  console.log('usage: compare.mjs PYTHON PROJECT...   (skipped: no project was given)')
  process.exit(0)
}

/** Statements and columns of a project. */
async function readProject(dir) {
  const manifestPath = [join(dir, 'target/manifest.json'), join(dir, 'manifest.json')].find(existsSync)
  if (manifestPath === undefined) {
    const files = readdirSync(dir, { recursive: true }).filter((name) => String(name).endsWith('.sql'))
    return {
      tables: await columnsOf(dir, undefined),
      statements: files.map((name) => ({ id: String(name), sql: readFileSync(join(dir, String(name)), 'utf8') })),
    }
  }
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'))
  const statements = Object.values(manifest.nodes)
    .filter(
      (node) =>
        (node.resource_type === 'model' || node.resource_type === 'snapshot') &&
        node.language === 'sql' &&
        node.compiled_code,
    )
    .map((node) => ({ id: node.unique_id, sql: node.compiled_code }))
  return { tables: await columnsOf(dir, manifest), statements }
}

/** The tables of the project's DuckDB file, and those of models that it lacks. */
async function columnsOf(dir, manifest) {
  const file = readdirSync(dir).find((name) => name.endsWith('.duckdb'))
  const scratch = mkdtempSync(join(tmpdir(), 'plumb-lineage-'))
  const copy = file === undefined ? ':memory:' : join(scratch, file)
  if (file !== undefined) copyFileSync(join(dir, file), copy)
  const instance = await DuckDBInstance.create(copy)
  const connection = await instance.connect()
  if (manifest !== undefined) await makeMissing(connection, manifest)
  const rows = await connection.runAndReadAll(
    'select database_name, schema_name, table_name, column_name, data_type from duckdb_columns() where not internal order by database_name, schema_name, table_name, column_index',
  )
  const tables = new Map()
  for (const [database, schema, table, name, type] of rows.getRows()) {
    const key = `${database}.${schema}.${table}`.toLowerCase()
    if (!tables.has(key)) tables.set(key, { key, name: [database, schema, table], columns: [] })
    tables.get(key).columns.push({ name, type })
  }
  connection.closeSync()
  instance.closeSync()
  rmSync(scratch, { recursive: true, force: true })
  return [...tables.values()]
}

/**
 * A build may have skipped models: those get a table of their columns, without rows. What reads a table that is not
 * there yet waits for its turn.
 */
async function makeMissing(connection, manifest) {
  const there = new Set(
    (await connection.runAndReadAll('select database_name, schema_name, table_name from duckdb_columns()'))
      .getRows()
      .map((row) => row.join('.').toLowerCase()),
  )
  let waiting = Object.values(manifest.nodes).filter(
    (node) =>
      (node.resource_type === 'model' || node.resource_type === 'snapshot') &&
      node.config.materialized !== 'ephemeral' &&
      node.compiled_code &&
      !there.has(`${node.database}.${node.schema}.${node.alias}`.toLowerCase()),
  )
  for (let before = -1; waiting.length > 0 && waiting.length !== before; ) {
    before = waiting.length
    const still = []
    for (const node of waiting) {
      try {
        await connection.run(`create schema if not exists "${node.database}"."${node.schema}"`)
        await connection.run(
          `create table "${node.database}"."${node.schema}"."${node.alias}" as select * from (${node.compiled_code}\n) limit 0`,
        )
      } catch {
        still.push(node)
      }
    }
    waiting = still
  }
  if (waiting.length > 0) console.log(`  no columns of ${waiting.map(({ name }) => name).join(', ')}`)
}

function bySqlglot(dialect, tables, statements) {
  const schema = {}
  for (const {
    name: [database, schemaName, table],
    columns,
  } of tables)
    ((schema[database] ??= {})[schemaName] ??= {})[table] = Object.fromEntries(
      columns.map(({ name, type }) => [name, type]),
    )
  const input = JSON.stringify({ dialect, schema, statements })
  const run = spawnSync(python, [join(here, 'sources.py')], { input, encoding: 'utf8', maxBuffer: 1 << 30 })
  if (run.status !== 0) throw new Error(run.stderr)
  return JSON.parse(run.stdout)
}

const { createEngine, createTableSchema } = await loadEngine()
const engine = await createEngine()
const total = { same: 0, differ: 0, statements: 0, columns: 0, theirs: 0, ours: 0 }
const differences = []
for (const dir of projects) {
  const { tables, statements } = await readProject(dir)
  const dialect = process.env.DIALECT ?? 'duckdb'
  const schema = createTableSchema(tables)
  const theirs = bySqlglot(dialect, tables, statements)
  const count = { same: 0, differ: 0, theirs: 0, ours: 0 }
  for (const statement of statements) {
    total.statements++
    const found = await engine.analyze(statement, schema, dialect)
    const other = theirs[statement.id]
    if (other.error !== undefined) count.theirs++
    if (found.level !== 'column') {
      count.ours++
      console.log(`  ${statement.id}: ${found.reason}`)
    }
    if (other.error !== undefined || found.level !== 'column') continue
    const ours = new Map(found.columns.map(({ name, sources }) => [name?.toLowerCase(), sources]))
    for (const [column, written] of Object.entries(other)) {
      // sqlglot names tables as the statement does: with or without the database.
      const list = written.map((place) => {
        const [name, ...table] = place.split('.').reverse()
        return `${schema.find(table.reverse())?.key ?? table.join('.')}.${name}`
      })
      const sources = ours.get(column.toLowerCase())
      const set =
        sources === undefined
          ? 'no such column'
          : [...new Set(sources.map(({ table, column: name }) => `${table}.${name}`.toLowerCase()))].sort().join(' ')
      if (set === [...new Set(list)].sort().join(' ')) count.same++
      else {
        count.differ++
        differences.push({
          project: basename(dir),
          statement: statement.id,
          column,
          ours: set,
          sqlglot: list.join(' '),
        })
      }
    }
  }
  for (const key of Object.keys(count)) total[key] += count[key]
  const share = ((100 * count.same) / Math.max(1, count.same + count.differ)).toFixed(2)
  console.log(
    `${dir}: ${statements.length} statements, ${count.same} columns the same, ${count.differ} not (${share} %); not read: ${count.ours} by us, ${count.theirs} by sqlglot`,
  )
}
for (const each of differences.slice(0, Number(process.env.SHOW ?? 20))) console.log(JSON.stringify(each))
const share = (100 * total.same) / Math.max(1, total.same + total.differ)
console.log(`all: ${total.statements} statements, ${total.same + total.differ} columns, ${share.toFixed(2)} % the same`)
process.exitCode = share >= Number(process.env.AT_LEAST ?? 99) ? 0 : 1
