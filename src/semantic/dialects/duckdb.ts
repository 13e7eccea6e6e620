import { ANSI, type SqlDialect } from '../../sql/plan/dialect.js'

/** DuckDB. */
export const duckdb: SqlDialect = {
  ...ANSI,
  name: 'duckdb',
  dates: true,
  percentiles: new Set(['continuous', 'discrete', 'approximate-continuous']),
  addTimeIsCall: false,
  addTime: (arg, { sql, number }, unit) => {
    if (number === undefined) return `${arg} + INTERVAL (${sql}) ${unit}`
    return `${arg} ${number < 0 ? '-' : '+'} INTERVAL ${Math.abs(number)} ${unit}`
  },
  percentile: (arg, percentile, kind) =>
    kind === 'approximate-continuous'
      ? `APPROX_QUANTILE(${arg}, ${percentile})`
      : ANSI.percentile(arg, percentile, kind),
  // DuckDB 1.5 makes `date_trunc(p, x) <> c` TRUE for every x, NULL too, where c begins no period.
  dateTrunc: (grain, arg, guarded) =>
    guarded ? `(${ANSI.dateTrunc(grain, arg)} + INTERVAL 0 day)` : ANSI.dateTrunc(grain, arg),
}
