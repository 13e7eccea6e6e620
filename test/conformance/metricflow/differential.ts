/**
 * Random queries over the suite's manifests, and over these with random metrics added, compared row by row with what
 * MetricFlow's own SQL gives:
 * `differential [--seed N] [--queries N] [--manifest part] [--definitions] [--forms] [--strict] [--show id]`.
 * --forms writes names in many ways, and orders and cuts off more; --strict reports the known differences too. Says so
 * and ends where MetricFlow is not installed (`PLUMB_METRICFLOW_PYTHON`).
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SemanticManifest } from '../../../src/manifest/semantic-manifest.js'
import { createSemanticEngine, readMetricQuery } from '../../../src/semantic/index.js'
import { type Answer, difference } from './compare-rows.js'
import { knownDifference } from './differential-known.js'
import { withRandomMetrics } from './differential-manifests.js'
import { askMetricflow, metricflowPython, oracleScript, type Verdict } from './differential-oracle.js'
import { type AskedQuery, randomQuery, type Vocabulary } from './differential-queries.js'
import { Random } from './differential-random.js'
import { openSuiteDuckdb } from './duckdb-runner.js'
import { readManifest, type SuiteDatabase, suiteFolder } from './suite.js'

const MANIFESTS = [
  ...Array<string>(8).fill('simple_manifest'),
  'extended_date_manifest',
  'scd_manifest',
  'multi_hop_join_manifest',
  'partitioned_multi_hop_join_manifest',
  'cyclic_join_manifest',
  'name_edge_case_manifest',
]
const DAYS = ['2019-12-01', '2019-12-20', '2020-01-01', '2020-01-02', '2020-01-05', '2020-01-15', '2020-02-01'].concat([
  '2020-02-14',
  '2020-03-10',
  '2020-04-30',
  '2020-12-02',
  '2021-01-01',
])
/** Metrics for which MetricFlow's SQL takes any one of several rows (visits of a month), or that DuckDB has not. */
const AT_RANDOM = new Set([
  'visit_buy_conversion_rate_with_monthly_conversion',
  'approximate_discrete_booking_value_p99',
])
const TOO_MANY_ROWS = 60_000
const TOO_LONG = 8_000

const python = metricflowPython()
if (python === undefined) {
  console.log('skipped: no MetricFlow here (set PLUMB_METRICFLOW_PYTHON to a Python that has it)')
  process.exit(0)
}

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? undefined : (process.argv[at + 1] ?? '')
}
const seed = Number(option('seed') ?? 1)
const count = Number(option('queries') ?? 200)
const show = option('show')
const forms = process.argv.includes('--forms')
const folder = suiteFolder(process.cwd())
const database = await openSuiteDuckdb(folder)
const random = new Random(seed)

interface Case {
  readonly id: number
  readonly words: Vocabulary
  readonly path: string
  readonly query: AskedQuery
}

const temporary = mkdtempSync(join(tmpdir(), 'plumb-differential-'))
const chosen = MANIFESTS.filter((name) => name.includes(option('manifest') ?? ''))
const vocabularies = new Map<string, { words: Vocabulary; path: string }>()
for (const name of new Set(chosen)) {
  let words = await vocabularyOf(readManifest(folder, name))
  const path = join(temporary, `${name}.json`)
  if (process.argv.includes('--definitions')) {
    const manifest = withRandomMetrics(words, 60, random)
    const added = manifest.metrics.map((metric) => metric.name).filter((metric) => metric.startsWith('random_'))
    words = { ...words, manifest, engine: createSemanticEngine(manifest, { dialect: 'duckdb' }) }
    words = { ...words, metrics: added.length > 0 ? usable(words, added) : words.metrics }
  }
  writeFileSync(path, JSON.stringify(words.manifest))
  vocabularies.set(name, { words, path })
}
const cases = Array.from({ length: count }, (_, id): Case => {
  const { words, path } = vocabularies.get(random.pick(chosen))!
  return { id, words, path, query: randomQuery(words, random, forms) }
}).filter(({ id }) => show === undefined || id === Number(show))

const verdicts = await askMetricflow(
  python,
  cases.map(({ id, path, query }) => ({ id, manifest: path, query })),
  oracleScript(),
)
const counts = { same: 0, bothRefuse: 0, broken: 0, skipped: 0, known: 0, different: 0 }
for (const [index, test] of cases.entries()) {
  const verdict = verdicts[index] ?? { id: test.id, broken: 'no answer' }
  const fault = await compareOne(test, verdict)
  if (fault === undefined) continue
  const known = show === undefined && !process.argv.includes('--strict')
  if (known && knownDifference(test.query, test.words) !== undefined) {
    counts.known++
    continue
  }
  counts.different++
  console.log(`DIFF ${test.id} ${test.path.split('/').at(-1)} ${JSON.stringify(test.query)}\n     ${fault}`)
}
await database.stop()
if (show === undefined) rmSync(temporary, { recursive: true, force: true })
else console.log(temporary)
console.log(`seed ${seed}:`, JSON.stringify(counts))

async function compareOne({ words, query }: Case, verdict: Verdict): Promise<string | undefined> {
  let sql: string | undefined
  let refusal: unknown
  try {
    sql = words.engine.compile({ ...readMetricQuery(query), trusted: true }).sql
  } catch (error) {
    refusal = error
  }
  if (show !== undefined)
    console.log(`--- ours\n${sql ?? String(refusal)}\n--- theirs\n${verdict.sql ?? JSON.stringify(verdict)}\n`)
  const isInternal = refusal !== undefined && !isPlumbError(refusal)
  if (isInternal) return `we fail: ${refusal instanceof Error ? refusal.stack : String(refusal)}`
  if (verdict.broken !== undefined) {
    counts.broken++
    return undefined
  }
  if (verdict.refused !== undefined) {
    if (refusal === undefined) return `we answer, MetricFlow refuses: ${reason(verdict.refused)}`
    counts.bothRefuse++
    if (process.argv.includes('--refusals')) console.log(`REFUSED ${JSON.stringify(query)}\n     ${textOf(refusal)}\n`)
    return undefined
  }
  if (sql === undefined) return `we refuse: ${textOf(refusal)}`
  const theirs = await ask(database, verdict.sql!)
  if (typeof theirs === 'string') {
    counts.broken++
    return undefined
  }
  if (theirs.rows.length > TOO_MANY_ROWS) {
    counts.skipped++
    return undefined
  }
  const ours = await ask(database, sql)
  if (typeof ours === 'string') return `ours does not run: ${ours}\n${sql}`
  const fault = compareAnswers(ours, theirs, query)
  if (fault === undefined) counts.same++
  return fault
}

function compareAnswers(ours: Answer, theirs: Answer, query: AskedQuery): string | undefined {
  // A limit leaves a choice unless all columns are ordered by.
  const ordered = (query.order_by as string[] | undefined) ?? []
  if ((query.limit !== undefined || query.saved_query !== undefined) && ordered.length < theirs.columns.length) {
    return ours.rows.length === theirs.rows.length
      ? undefined
      : `${ours.rows.length} rows instead of ${theirs.rows.length}`
  }
  const inOrder = ordered.length >= theirs.columns.length && query.saved_query === undefined
  return difference(inOrder ? arrangedAs(theirs, ours) : ours, theirs, inOrder)
}

/** The columns in the order of the other answer: MetricFlow's follows its joins. */
function arrangedAs(other: Answer, answer: Answer): Answer {
  if ([...other.columns].sort().join() !== [...answer.columns].sort().join()) return answer
  const places = other.columns.map((name) => answer.columns.indexOf(name))
  return { columns: other.columns, rows: answer.rows.map((row) => places.map((at) => row[at])) }
}

async function ask(db: SuiteDatabase, sql: string): Promise<Answer | string> {
  try {
    const timeout = new Promise<string>((resolve) => setTimeout(resolve, TOO_LONG, 'too long').unref())
    return await Promise.race([db.ask(sql), timeout])
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function isPlumbError(error: unknown): boolean {
  return error instanceof Error && 'diagnostics' in error && !error.message.includes('The plan asks')
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The first words of MetricFlow's reason, without its decoration. */
function reason(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replace(/^.*?Message: /, '')
    .slice(0, 400)
}

/** Metrics that the engine can define at all. */
function usable(words: Vocabulary, names: readonly string[]): string[] {
  return names.filter((name) => {
    try {
      words.engine.listDimensions({ metrics: [name] })
      return true
    } catch {
      return false
    }
  })
}

async function vocabularyOf(manifest: SemanticManifest): Promise<Vocabulary> {
  const engine = createSemanticEngine(manifest, { dialect: 'duckdb' })
  const metrics = engine.listMetrics().flatMap((metric) => (AT_RANDOM.has(metric.name) ? [] : [metric.name]))
  const values = new Map<string, string[]>()
  for (const metric of metrics) {
    for (const dimension of engine.listDimensions({ metrics: [metric] })) {
      if (dimension.type === 'time' || values.has(dimension.name)) continue
      const request = { dimension: dimension.name, metrics: [metric], limit: 8 }
      const answer = await ask(database, engine.dimensionValues(request).sql)
      values.set(dimension.name, typeof answer === 'string' ? ["'none'"] : literalsOf(answer))
    }
  }
  const customGrains = manifest.project_configuration.time_spines.flatMap((spine) =>
    spine.custom_granularities.map((grain) => grain.name),
  )
  return { engine, manifest, metrics, customGrains, values, days: DAYS }
}

function literalsOf({ rows }: Answer): string[] {
  const literals = rows.flatMap(([value]) =>
    value === null ? [] : [typeof value === 'string' ? `'${value}'` : String(value)],
  )
  return literals.length === 0 ? ["'none'"] : literals
}
