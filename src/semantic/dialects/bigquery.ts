import { ANSI, type SqlDialect } from '../../sql/plan/dialect.js'
import { backslashLiteral } from './backslash-literal.js'

/** Google BigQuery. Times are DATETIME, which like the TIMESTAMP of other warehouses has no zone. */
export const bigquery: SqlDialect = {
  ...ANSI,
  name: 'bigquery',
  quoteIdentifier: (name) => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``,
  stringLiteral: backslashLiteral("\\'"),
  types: { double: 'FLOAT64', timestamp: 'DATETIME' },
  aggregateFilter: false,
  // Rows are numbered on one machine only.
  rowId: 'GENERATE_UUID()',
  percentiles: new Set(['approximate-continuous']),
  percentile: (arg, percentile) => {
    const { numerator, denominator } = fractionOf(percentile)
    return `APPROX_QUANTILES(${arg}, ${denominator})[OFFSET(${numerator})]`
  },
  // Prunes partitions, where DATE_TRUNC of a timestamp does not.
  dateTrunc: (grain, arg) => `TIMESTAMP_TRUNC(${arg}, ${grain === 'week' ? 'ISOWEEK' : grain.toUpperCase()})`,
  datePart: (part) => (part === 'dow' ? 'DAYOFWEEK' : part === 'doy' ? 'DAYOFYEAR' : part.toUpperCase()),
  addTime: (arg, { sql, number }, unit) => {
    const [fn, count] = number !== undefined && number < 0 ? ['DATE_SUB', String(-number)] : ['DATE_ADD', sql]
    return `${fn}(CAST(${arg} AS DATETIME), INTERVAL ${count} ${unit.toUpperCase()})`
  },
  render: {
    // Sunday is 1 here, and 7 everywhere else.
    extract: (expr, render) => {
      const value = `EXTRACT(${bigquery.datePart(expr.part)} FROM ${render(expr.arg)})`
      return expr.part === 'dow' ? `IF(${value} = 1, 7, ${value} - 1)` : value
    },
  },
}

/** 0.95 as 19/20: quantiles are counted, not computed. */
function fractionOf(value: number): { readonly numerator: number; readonly denominator: number } {
  for (let denominator = 1; denominator <= 1_000_000; denominator *= 10) {
    const scaled = value * denominator
    if (Math.abs(scaled - Math.round(scaled)) > 1e-9) continue
    const numerator = Math.round(scaled)
    const shared = greatestCommonDivisor(numerator, denominator)
    return { numerator: numerator / shared, denominator: denominator / shared }
  }
  return { numerator: Math.round(value * 1_000_000), denominator: 1_000_000 }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
