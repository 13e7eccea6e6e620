import { ANSI, type SqlDialect } from '../../sql/plan/dialect.js'
import { backslashLiteral } from './backslash-literal.js'

/** Snowflake. */
export const snowflake: SqlDialect = {
  ...ANSI,
  name: 'snowflake',
  rowId: 'UUID_STRING()',
  stringLiteral: backslashLiteral("''"),
  aggregateFilter: false,
  percentiles: new Set(['continuous', 'discrete', 'approximate-continuous']),
  unsupportedGranularities: new Set(),
  percentile: (arg, percentile, kind) =>
    kind === 'approximate-continuous'
      ? `APPROX_PERCENTILE(${arg}, ${percentile})`
      : ANSI.percentile(arg, percentile, kind),
  datePart: (part) => (part === 'dow' ? 'DAYOFWEEKISO' : part === 'doy' ? 'DAYOFYEAR' : part.toUpperCase()),
}
