import type { SemanticManifest } from '../../../src/manifest/semantic-manifest.js'
import { createSemanticEngine, type SemanticEngine } from '../../../src/semantic/engine.js'
import { readMetricQuery } from '../../../src/semantic/query/metric-query.js'
import type { SqlDialect } from '../../../src/sql/plan/dialect.js'
import { difference } from './compare-rows.js'
import { type ErrorCase, expectedRows, type QueryCase, readManifest, type SuiteDatabase } from './suite.js'

/** What came of one case. */
export interface CaseResult {
  /** Undefined: as expected. */
  readonly fault: string | undefined
  readonly sql: string
  readonly compileTime: number
}

/**
 * Where a warehouse has exact percentiles only, an approximate one is compared with the exact one: the hand-written
 * statement of the case, with the exact function. Undefined for all other cases.
 */
function exactStatement({ tags, check_sql }: QueryCase, dialect: SqlDialect): string | undefined {
  if (dialect.name === 'duckdb' || !tags.includes('agg.percentile_approximate')) return undefined
  return check_sql?.replaceAll(/approx_quantile\((\w+), ([\d.]+)\)/gi, 'PERCENTILE_CONT($2) WITHIN GROUP (ORDER BY $1)')
}

/** Asks the suite's questions of one database. */
export class QueryCases {
  readonly #folder: string
  readonly #dialect: SqlDialect
  readonly #engines = new Map<string, SemanticEngine>()

  readonly #rewrite: (manifest: SemanticManifest) => SemanticManifest

  constructor(
    folder: string,
    dialect: SqlDialect,
    rewrite: (manifest: SemanticManifest) => SemanticManifest = (manifest) => manifest,
  ) {
    this.#folder = folder
    this.#dialect = dialect
    this.#rewrite = rewrite
  }

  #engine(manifest: string): SemanticEngine {
    let engine = this.#engines.get(manifest)
    if (engine === undefined) {
      engine = createSemanticEngine(this.#rewrite(readManifest(this.#folder, manifest)), { dialect: this.#dialect })
      this.#engines.set(manifest, engine)
    }
    return engine
  }

  /** `trusted`: the case's filters may hold any SQL. */
  async run(test: QueryCase, database: SuiteDatabase, trusted = false): Promise<CaseResult> {
    let sql = ''
    const engine = this.#engine(test.manifest)
    const started = performance.now()
    let compileTime = 0
    try {
      sql = engine.compile({ ...readMetricQuery(test.query), trusted }).sql
      compileTime = performance.now() - started
      const answer = await database.ask(sql)
      const { columns, row_count } = test.expected
      if (test.compare === 'row_count') {
        const fault = answer.rows.length === row_count ? undefined : `${answer.rows.length} rows`
        return { fault, sql, compileTime }
      }
      const exact = exactStatement(test, this.#dialect)
      const expected =
        exact === undefined
          ? { columns: columns.map((column) => column.name), rows: expectedRows(this.#folder, test.expected) }
          : await database.ask(exact)
      return { fault: difference(answer, expected, test.check_order), sql, compileTime }
    } catch (error) {
      return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error), sql, compileTime }
    }
  }

  /** Why a query is refused; undefined if it is not. */
  refusal(test: ErrorCase): string | undefined {
    try {
      this.#engine(test.manifest).compile(readMetricQuery(test.query))
      return undefined
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
}
