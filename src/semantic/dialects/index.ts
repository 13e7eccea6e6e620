import type { SqlDialect } from '../../sql/plan/dialect.js'
import { bigquery } from './bigquery.js'
import { databricks } from './databricks.js'
import { duckdb } from './duckdb.js'
import { postgres } from './postgres.js'
import { redshift } from './redshift.js'
import { snowflake } from './snowflake.js'
import { spark } from './spark.js'
import { trino } from './trino.js'

export const DIALECT_NAMES = [
  'bigquery',
  'databricks',
  'duckdb',
  'postgres',
  'redshift',
  'snowflake',
  'spark',
  'trino',
] as const

export type DialectName = (typeof DIALECT_NAMES)[number]

/** The warehouses metric queries can be written for, by the names their adapters have. */
export const dialects: { readonly [K in DialectName]: SqlDialect } = {
  bigquery,
  databricks,
  duckdb,
  postgres,
  redshift,
  snowflake,
  spark,
  trino,
}
