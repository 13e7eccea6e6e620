import { ANSI, type SqlDialect } from '../../sql/plan/dialect.js'

/** Trino. */
export const trino: SqlDialect = {
  ...ANSI,
  name: 'trino',
  integerDivision: true,
  // Rows are numbered on one machine only.
  rowId: 'UUID()',
  percentiles: new Set(['approximate-continuous']),
  percentile: (arg, percentile) => `APPROX_PERCENTILE(${arg}, ${percentile})`,
  unsupportedGranularities: new Set(['nanosecond', 'microsecond']),
  datePart: (part) => (part === 'dow' ? 'DAY_OF_WEEK' : part === 'doy' ? 'DAY_OF_YEAR' : part.toUpperCase()),
  addTime: (arg, { sql }, unit) => `DATE_ADD('${unit}', ${sql}, ${arg})`,
  render: {
    // Texts are not compared with times here.
    literal: (expr, render) => {
      if (expr.type === 'null') return 'NULL'
      if (expr.type === 'number') return String(expr.value)
      const text = render.dialect.stringLiteral(expr.value)
      return expr.type === 'timestamp' ? `TIMESTAMP ${text}` : text
    },
  },
}
