import type { SourceSpan } from '../../core/source-span.js'
import type { Json } from '../../manifest/index.js'
import type { MetricQuery } from '../../semantic/index.js'

/** The folder of metric tests: dbt has no path there and does not look. */
export const METRIC_TESTS_FOLDER = 'metric-tests'

/** How a metric test is called in run_results.json; it is no node of the manifest. */
export const METRIC_TEST_PREFIX = 'metric_test.'

/** Rows that a model is said to have. */
export interface GivenRows {
  /** Name of the model, seed, snapshot, or of a source as `source.table`. */
  readonly input: string
  readonly rows: readonly Readonly<Record<string, Json>>[]
  /** DuckDB types of columns whose values do not show them. */
  readonly types: Readonly<Record<string, string>>
}

/** A question with the answer it must have when models have given rows. */
export interface MetricTest {
  readonly name: string
  readonly description: string | null
  /** From the project's root. */
  readonly file: string
  readonly given: readonly GivenRows[]
  readonly query: MetricQuery
  /** The rows of the answer; columns that a row does not name can have any value. */
  readonly expect: readonly Readonly<Record<string, Json>>[]
  /** Where a part of the test stands: `['expect', 'rows', 1]`. */
  at(path: readonly (string | number)[]): SourceSpan
}
