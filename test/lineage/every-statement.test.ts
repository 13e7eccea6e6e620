import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { SemanticManifest } from '../../src/manifest/semantic-manifest.js'
import { createSemanticEngine, DIALECT_NAMES, type DialectName, readMetricQuery } from '../../src/semantic/index.js'
import { type AnalysisEngine, createEngine, READING_FAILED } from '../../src/sql/analyze/engine.js'
import { createTableSchema } from '../../src/sql/analyze/resolve/table-schema.js'
import { sharedPath } from '../support/shared.js'

interface Statement {
  readonly id: string
  readonly sql: string
  readonly dialect: string
}

interface QueryCase {
  readonly id: string
  readonly manifest: string
  readonly query: Readonly<Record<string, unknown>>
  readonly check_sql?: string
}

/** The suite's tables are named as DuckDB names them. */
const BACKTICKS: ReadonlySet<string> = new Set(['bigquery', 'databricks', 'spark'])

const here = dirname(fileURLToPath(import.meta.url))

/** Every statement of every corpus at hand: none may throw or hang, and nearly all are followed to the column. */
describe('every statement', () => {
  let engine: AnalysisEngine

  beforeAll(async () => {
    engine = await createEngine()
  })

  const followed = async (statements: readonly Statement[]): Promise<number> => {
    let columns = 0
    const faults: string[] = []
    for (const { id, sql, dialect } of statements) {
      const started = performance.now()
      const found = await engine.analyze({ id, sql }, createTableSchema([]), dialect)
      if (found.reason?.startsWith(READING_FAILED)) faults.push(`${id} (${dialect}): ${found.reason}`)
      if (performance.now() - started > 10_000) faults.push(`${id} (${dialect}): over 10 s`)
      if (found.level === 'column') columns++
      else if (found.reason === null) faults.push(`${id} (${dialect}): no reason`)
    }
    expect(faults).toEqual([])
    return columns / statements.length
  }

  it('of our own metric queries, in every dialect', async () => {
    const folder = join(here, '../semantic/snapshots')
    const statements = readdirSync(folder)
      .filter((name) => name.endsWith('.sql'))
      .flatMap((name) => {
        const dialect = name.replace('.sql', '')
        const texts = readFileSync(join(folder, name), 'utf8').split(/^-- (?=\S.*$)/m)
        return texts.flatMap((text) => {
          const [id, ...lines] = text.split('\n')
          const sql = lines.join('\n').trim()
          return sql === '' || sql.startsWith('--') ? [] : [{ id: id!, sql, dialect }]
        })
      })
    expect(statements.length).toBeGreaterThan(200)
    expect(await followed(statements)).toBe(1)
  }, 120_000)

  const suite = sharedPath('conformance/metricflow')
  const cases = (): QueryCase[] =>
    readFileSync(join(suite!, 'open.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as QueryCase)

  it.skipIf(suite === undefined)(
    'of MetricFlow’s suite as written by hand',
    async () => {
      const statements = cases().flatMap(({ id, check_sql: sql }) =>
        sql === undefined ? [] : [{ id, sql, dialect: 'duckdb' }],
      )
      expect(statements.length).toBeGreaterThan(100)
      expect(await followed(statements)).toBeGreaterThan(0.99)
    },
    120_000,
  )

  it.skipIf(suite === undefined).each(DIALECT_NAMES)(
    'of MetricFlow’s suite as we write it for %s',
    async (dialect) => {
      const engines = new Map<string, ReturnType<typeof createSemanticEngine>>()
      const statements = cases().flatMap(({ id, manifest, query }) => {
        const engineOf = engines.get(manifest) ?? semanticEngine(suite!, manifest, dialect)
        engines.set(manifest, engineOf)
        try {
          const { sql } = engineOf.compile(readMetricQuery(query))
          return [{ id, sql: BACKTICKS.has(dialect) ? sql.replaceAll(/"(\w+)"/g, '`$1`') : sql, dialect }]
        } catch {
          // Not every warehouse can do everything; that is tested elsewhere.
          return []
        }
      })
      expect(statements.length).toBeGreaterThan(300)
      expect(await followed(statements)).toBe(1)
    },
    300_000,
  )

  const clients = sharedPath('introspection/raw.jsonl')
  it.skipIf(clients === undefined)(
    'that clients of PostgreSQL ask its catalogue',
    async () => {
      const texts = readFileSync(clients!, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
      const asked = new Set(texts.flatMap((line) => (JSON.parse(line) as { sql?: string }).sql ?? []))
      const statements = [...asked].map((sql, i) => ({ id: String(i), sql, dialect: 'postgres' }))
      expect(statements.length).toBeGreaterThan(100)
      // Half of them are SET, SHOW, BEGIN: no queries.
      expect(await followed(statements)).toBeGreaterThan(0.4)
    },
    120_000,
  )

  it('of texts that are no statement at all', async () => {
    const texts = [
      '',
      ';',
      'select',
      'select * from',
      '((((',
      'with a as (select 1',
      "select 'x",
      'select 1; drop table t',
      '--',
      '\u0000',
      'select a from b join',
      'a'.repeat(10_000),
      `select ${'('.repeat(300)}1${')'.repeat(300)}`,
      `select ${'a+'.repeat(2000)}a from t`,
      'select * exclude (a) from',
      'pivot',
      'unpivot t on',
      'from',
      'with recursive r as (select * from r) select * from r',
    ]
    await followed(texts.map((sql, i) => ({ id: String(i), sql, dialect: 'duckdb' })))
  }, 60_000)
})

function semanticEngine(suite: string, name: string, dialect: DialectName) {
  const file = join(suite, 'manifests', name, 'semantic_manifest.dbt-core-1.11.16.json')
  return createSemanticEngine(JSON.parse(readFileSync(file, 'utf8')) as SemanticManifest, { dialect })
}
