import type { TimeGranularity } from '../../sql/granularity.js'
import { ANSI, type SqlDialect } from '../../sql/plan/dialect.js'

/** What MAKE_INTERVAL calls the units it does not call by their plural. */
const INTERVAL_UNITS: Partial<Record<TimeGranularity, string>> = { hour: 'hours', minute: 'mins', second: 'secs' }

/** PostgreSQL. */
export const postgres: SqlDialect = {
  ...ANSI,
  name: 'postgres',
  dates: true,
  integerDivision: true,
  types: { double: 'DOUBLE PRECISION', timestamp: 'TIMESTAMP' },
  // There are exact percentiles only, which will do where an approximate one is asked for.
  percentiles: new Set(['continuous', 'discrete', 'approximate-continuous', 'approximate-discrete']),
  percentile: (arg, percentile, kind) =>
    ANSI.percentile(arg, percentile, kind.endsWith('discrete') ? 'discrete' : 'continuous'),
  addTimeIsCall: false,
  addTime: (arg, { sql, number }, unit) => {
    if (number === undefined) {
      return `${arg} + MAKE_INTERVAL(${INTERVAL_UNITS[unit] ?? `${unit}s`} => CAST(${sql} AS INTEGER))`
    }
    return `${arg} ${number < 0 ? '-' : '+'} INTERVAL '${Math.abs(number)} ${unit}'`
  },
}
