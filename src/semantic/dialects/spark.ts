import { ANSI, type SqlDialect } from '../../sql/plan/dialect.js'
import { backslashLiteral } from './backslash-literal.js'

/** Apache Spark SQL, and Databricks on top of it. */
export const spark: SqlDialect = {
  ...ANSI,
  name: 'spark',
  rowId: 'MONOTONICALLY_INCREASING_ID()',
  quoteIdentifier: (name) => `\`${name.replaceAll('`', '``')}\``,
  stringLiteral: backslashLiteral("\\'"),
  percentiles: new Set(['continuous', 'approximate-discrete']),
  percentile: (arg, percentile, kind) =>
    kind === 'approximate-discrete'
      ? `APPROX_PERCENTILE(${arg}, ${percentile})`
      : ANSI.percentile(arg, percentile, kind),
  datePart: (part) => (part === 'dow' ? 'DAYOFWEEK_ISO' : part.toUpperCase()),
}
