import type { SqlDialect } from '../../sql/plan/dialect.js'
import { spark } from './spark.js'

/** Databricks SQL. */
export const databricks: SqlDialect = { ...spark, name: 'databricks' }
