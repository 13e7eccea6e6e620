#!/usr/bin/env node
// What metric queries cost: to compile, and to run beside a query written by hand that gives the same rows.
//   metrics.mjs [--orders 10000000] [--runs 5] [--only part] [--mf PYTHON] [--compile-only]
// --mf: a Python that has MetricFlow; its SQL runs beside ours, stopped after 20 times the time of the query by hand.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { build } from 'esbuild'
import { median } from './measure.mjs'
import { CASES, manifest, tables } from './metrics-cases.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const option = (name) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? undefined : process.argv[at + 1]
}
const orders = Number(option('orders') ?? 10_000_000)
const runs = Number(option('runs') ?? 5)
const temporary = mkdtempSync(join(tmpdir(), 'plumb-metrics-'))
const { createSemanticEngine, readMetricQuery } = await semanticRoom()

if (option('only') === undefined) compileTimes()
if (option('only') === undefined) manyMetrics()
if (!process.argv.includes('--compile-only')) await runTimes()
rmSync(temporary, { recursive: true, force: true })

/** The room as it is in src/, whatever dist/ holds. */
async function semanticRoom() {
  const outfile = join(temporary, 'semantic.mjs')
  await build({
    entryPoints: [join(root, 'src/semantic/index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  })
  return import(pathToFileURL(outfile).href)
}

/** Of CPU: what else the machine does is not to count. */
function milliseconds(work) {
  const before = process.cpuUsage()
  work()
  const used = process.cpuUsage(before)
  return (used.user + used.system) / 1000
}

/** The suite's queries where it lies beside the repository, else those of this bench. */
function compileTimes() {
  const suite = join(process.env.PLUMB_SHARED ?? join(root, '..', 'shared'), 'conformance/metricflow')
  const engines = new Map()
  const queries = existsSync(suite)
    ? readFileSync(join(suite, 'open.jsonl'), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : CASES.map((test) => ({ id: test.name, manifest: '', query: test.query }))
  const engineOf = (name) => {
    if (!engines.has(name)) {
      const file = join(suite, 'manifests', name, 'semantic_manifest.dbt-core-1.11.16.json')
      const own = name === '' ? manifest : JSON.parse(readFileSync(file, 'utf8'))
      engines.set(name, createSemanticEngine(own, { dialect: 'duckdb' }))
    }
    return engines.get(name)
  }
  const compile = ({ manifest: name, query }) =>
    engineOf(name).compile({ ...readMetricQuery(query), trusted: true }).sql
  for (let i = 0; i < 3; i++) for (const query of queries) compile(query)
  const times = queries.map((query) => {
    const samples = Array.from({ length: 20 }, () => milliseconds(() => compile(query)))
    return { id: query.id, time: median(samples) }
  })
  times.sort((a, b) => a.time - b.time)
  const slowest = times.at(-1)
  console.log(
    `\ncompile, warm, ${queries.length} queries, CPU: median ${times[times.length >> 1].time.toFixed(2)} ms (goal 2)`,
  )
  console.log(`  most complex ${slowest.time.toFixed(2)} ms (goal 10): ${slowest.id}`)
}

/** 30 models in a chain of joins with 300 dimensions and 500 metrics. */
function manyMetrics() {
  const models = Array.from({ length: 30 }, (_, index) => ({
    name: `m${index}`,
    node_relation: { alias: `m${index}`, schema_name: 's', relation_name: `s.m${index}` },
    defaults: { agg_time_dimension: 'at' },
    entities: [
      { name: `e${index}`, type: 'primary', expr: 'id' },
      ...[1, 2, 3].map((step) => ({ name: `e${(index + step) % 30}`, type: 'foreign', expr: `e${step}_id` })),
    ],
    dimensions: [
      { name: 'at', type: 'time', type_params: { time_granularity: 'day' } },
      ...Array.from({ length: 9 }, (_, d) => ({ name: `d${index}_${d}`, type: 'categorical' })),
    ],
    measures: Array.from({ length: 10 }, (_, m) => ({ name: `v${index}_${m}`, agg: 'sum', create_metric: true })),
  }))
  const measures = models.flatMap((model) => model.measures.map((measure) => measure.name))
  const metrics = Array.from({ length: 200 }, (_, index) => {
    const [a, b] = [measures[index % 300], measures[(index * 7 + 3) % 300]]
    if (index % 4 === 0) {
      const metrics = [{ name: a }, { name: b, alias: 'before', offset_window: { count: 1, granularity: 'month' } }]
      return { name: `x${index}`, type: 'derived', type_params: { expr: `${a} - before`, metrics } }
    }
    if (index % 4 === 1) {
      const cumulative_type_params = { window: { count: 28, granularity: 'day' } }
      return { name: `x${index}`, type: 'cumulative', type_params: { measure: { name: a }, cumulative_type_params } }
    }
    return { name: `x${index}`, type: 'ratio', type_params: { numerator: { name: a }, denominator: { name: b } } }
  })
  const large = { ...manifest, semantic_models: models, metrics }
  let engine
  const start = milliseconds(() => {
    engine = createSemanticEngine(large, { dialect: 'duckdb' })
  })
  const queries = metrics.flatMap(({ name }, index) => {
    const by = ['metric_time__month', ...(index % 2 ? [] : ['metric_time__week'])]
    return [
      { metrics: [name], groupBy: by },
      { metrics: [name, measures[index]], groupBy: ['metric_time__day'] },
    ]
  })
  const dimensions = measures.map((name, index) => {
    const model = Math.floor(index / 10)
    const other = (model + 1) % 30
    return {
      metrics: [name],
      groupBy: [`e${model}__d${model}_1`, `e${other}__d${other}_2`],
      where: [`{{ Dimension('e${other}__d${other}_3') }} = 'x'`],
    }
  })
  const first = milliseconds(() => engine.compile(queries[0]))
  const times = [...queries, ...dimensions].map((query) => milliseconds(() => engine.compile(query)))
  const listing = milliseconds(() => engine.listDimensions({ metrics: ['x0'] }))
  times.sort((a, b) => a - b)
  console.log(`\n500 metrics, 300 dimensions, ${times.length} queries, each for the first time, CPU:`)
  console.log(
    `  engine ${start.toFixed(1)} ms, first query ${first.toFixed(1)}, median ${times[times.length >> 1].toFixed(2)}, slowest ${times.at(-1).toFixed(1)} (goal 50), list of dimensions ${listing.toFixed(1)}`,
  )
}

async function runTimes() {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  await connection.run("ATTACH ':memory:' AS shop")
  await connection.run('USE shop')
  for (const statement of tables(orders)) await connection.run(statement)
  const engine = createSemanticEngine(manifest, { dialect: 'duckdb' })
  const chosen = CASES.filter((test) => test.name.includes(option('only') ?? ''))
  const peers = metricflowSql(chosen)
  console.log(`\n${orders.toLocaleString('en')} orders, CPU ms of DuckDB, median of ${runs}:`)
  for (const test of chosen) {
    const { sql } = engine.compile(readMetricQuery(test.query))
    const ours = []
    const hand = []
    let rows
    let handRows
    for (let run = 0; run <= runs; run++) {
      const first = await timed(connection, sql)
      const second = await timed(connection, test.sql)
      rows = first.rows
      handRows = second.rows
      if (run === 0) continue
      ours.push(first.cpu)
      hand.push(second.cpu)
    }
    const ratio = median(ours) / median(hand)
    const same = sameRows(rows, handRows) ? 'same rows' : `DIFFERENT ROWS (${rows.length}, ${handRows.length})`
    const peer = peers.get(test.name)
    const beside = peer === undefined ? '' : `   MetricFlow ${await peerTime(connection, peer, median(hand))}`
    console.log(
      `  ${test.name.padEnd(32)} ours ${median(ours).toFixed(1).padStart(8)}   by hand ${median(hand).toFixed(1).padStart(8)}   ${ratio.toFixed(2)}x   ${same}${beside}`,
    )
    if (process.argv.includes('--sql')) console.log(sql)
  }
  connection.closeSync()
  instance.closeSync()
}

async function timed(connection, sql) {
  const before = process.cpuUsage()
  const reader = await connection.runAndReadAll(sql)
  const used = process.cpuUsage(before)
  return { cpu: (used.user + used.system) / 1000, rows: reader.getRowsJson() }
}

async function peerTime(connection, sql, hand) {
  const limit = setTimeout(() => connection.interrupt(), Math.max(20 * hand, 2000))
  try {
    return `${(await timed(connection, sql)).cpu.toFixed(1)} (once)`
  } catch {
    return `stopped after ${Math.max(20 * hand, 2000).toFixed(0)} ms`
  } finally {
    clearTimeout(limit)
  }
}

/** MetricFlow's SQL by the name of the case, if there is a MetricFlow. */
function metricflowSql(chosen) {
  const python = option('mf')
  if (python === undefined) return new Map()
  const path = join(temporary, 'manifest.json')
  writeFileSync(path, JSON.stringify(manifest))
  const script = join(root, 'test/conformance/metricflow/differential.py')
  const input = chosen.map(({ name, query }) => JSON.stringify({ id: name, manifest: path, query })).join('\n')
  const { stdout } = spawnSync(python, [script], { input, encoding: 'utf8', maxBuffer: 1 << 26 })
  const answers = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  for (const answer of answers)
    if (answer.sql === undefined) console.log('  MetricFlow:', JSON.stringify(answer).slice(0, 300))
  return new Map(answers.flatMap(({ id, sql }) => (sql === undefined ? [] : [[id, sql]])))
}

/** Equal rows in any order; columns in any order. Numbers may differ by what adding in another order makes. */
function sameRows(a, b) {
  const arrange = (rows) => {
    const parts = rows.map((row) => {
      const numbers = row.filter(isNumber).map(Number)
      const key = row.filter((value) => !isNumber(value)).map((value) => String(value).replace(' 00:00:00', ''))
      return { key: key.sort().join('|'), numbers }
    })
    return parts.sort((x, y) => (x.key < y.key ? -1 : 1))
  }
  const [left, right] = [arrange(a), arrange(b)]
  const close = (x, y) => Math.abs(x - y) <= 1e-9 * Math.max(Math.abs(x), Math.abs(y))
  return (
    left.length === right.length &&
    left.every(({ key, numbers }, index) => {
      const other = right[index]
      return (
        key === other.key &&
        numbers.length === other.numbers.length &&
        numbers.every((n, i) => close(n, other.numbers[i]))
      )
    })
  )
}

function isNumber(value) {
  return typeof value === 'number' || /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(String(value))
}
