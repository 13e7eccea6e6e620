import { ANSI, type SqlDialect } from '../../sql/plan/dialect.js'
import { backslashLiteral } from './backslash-literal.js'

/** Amazon Redshift. */
export const redshift: SqlDialect = {
  ...ANSI,
  name: 'redshift',
  stringLiteral: backslashLiteral("''"),
  integerDivision: true,
  integerAverage: true,
  types: { double: 'DOUBLE PRECISION', timestamp: 'TIMESTAMP' },
  aggregateFilter: false,
  percentiles: new Set(['continuous', 'approximate-discrete']),
  percentile: (arg, percentile, kind) =>
    kind === 'approximate-discrete'
      ? `APPROXIMATE PERCENTILE_DISC(${percentile}) WITHIN GROUP (ORDER BY ${arg})`
      : ANSI.percentile(arg, percentile, kind),
  datePart: (part) => part.toUpperCase(),
  render: {
    // Sunday is 0 here, and 7 everywhere else.
    extract: (expr, render) => {
      const value = `EXTRACT(${expr.part.toUpperCase()} FROM ${render(expr.arg)})`
      return expr.part === 'dow' ? `CASE WHEN ${value} = 0 THEN 7 ELSE ${value} END` : value
    },
  },
}
