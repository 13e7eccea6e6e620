import type { DatePart, TimeGranularity } from '../granularity.js'
import type { CastType, SqlExpr } from './expr.js'
import type { RenderExpr } from './render-expr.js'
import { RESERVED_IDENTIFIERS } from './reserved-identifiers.js'

export type PercentileKind = 'continuous' | 'discrete' | 'approximate-continuous' | 'approximate-discrete'

/**
 * How one warehouse writes what the plans need. `ANSI` holds the defaults; a dialect states only what differs
 * (`{ ...ANSI, name: 'x', ... }`).
 */
export interface SqlDialect {
  readonly name: string
  /** A name in quotes. */
  quoteIdentifier(name: string): string
  /** A string with the quotes and escapes this warehouse reads back as exactly `value`. */
  stringLiteral(value: string): string
  readonly types: { readonly [K in CastType]: string }
  /** Whether `SUM(x) FILTER (WHERE y)` is understood; if not, CASE is written. */
  readonly aggregateFilter: boolean
  /** Whether `addTime` gives a call, which needs no parentheses beside operators. */
  readonly addTimeIsCall: boolean
  /** Whether 5 / 2 is 2. */
  readonly integerDivision: boolean
  /** Whether the average of 1 and 2 is 1. */
  readonly integerAverage: boolean
  /** Which percentiles can be computed; others are refused with a reason. */
  readonly percentiles: ReadonlySet<PercentileKind>
  /** Whether the day of a time is best had by casting it to a date, from which whole days can be subtracted. */
  readonly dates: boolean
  /** A value that tells rows apart. */
  readonly rowId: string
  readonly unsupportedGranularities: ReadonlySet<TimeGranularity>
  /** Rewrites of single kinds of expression. */
  readonly render: Partial<ExprRenderers>
  /** The word for a date part inside EXTRACT. */
  datePart(part: DatePart): string
  /** `arg` moved by `count` (already rendered, may be negative) units of a grain other than quarter. */
  addTime(arg: string, count: { readonly sql: string; readonly number?: number }, unit: TimeGranularity): string
  /** `guarded`: the value is compared in a condition that says what it is not. */
  dateTrunc(grain: TimeGranularity, arg: string, guarded?: boolean): string
  percentile(arg: string, percentile: number, kind: PercentileKind): string
}

/** One function per kind of expression; the compiler names a missing one. */
export type ExprRenderers = {
  readonly [K in SqlExpr['kind']]: (expr: Extract<SqlExpr, { kind: K }>, render: RenderExpr) => string
}

/** The defaults, close to the standard. */
export const ANSI: SqlDialect = {
  name: 'ansi',
  quoteIdentifier: (name) => `"${name.replaceAll('"', '""')}"`,
  stringLiteral: (value) => `'${value.replaceAll("'", "''")}'`,
  types: { double: 'DOUBLE', timestamp: 'TIMESTAMP' },
  aggregateFilter: true,
  addTimeIsCall: true,
  integerDivision: false,
  integerAverage: false,
  percentiles: new Set(['continuous', 'discrete']),
  dates: false,
  rowId: 'ROW_NUMBER() OVER ()',
  unsupportedGranularities: new Set(['nanosecond']),
  render: {},
  datePart: (part) => (part === 'dow' ? 'ISODOW' : part.toUpperCase()),
  addTime: (arg, count, unit) => `DATEADD(${unit}, ${count.sql}, ${arg})`,
  dateTrunc: (grain, arg) => `DATE_TRUNC('${grain}', ${arg})`,
  percentile: (arg, percentile, kind) =>
    `${kind === 'discrete' ? 'PERCENTILE_DISC' : 'PERCENTILE_CONT'}(${percentile}) WITHIN GROUP (ORDER BY ${arg})`,
}

/** A name as it can stand in SQL: bare where that means the same, in quotes where it must be. */
export function renderIdentifier(name: string, dialect: SqlDialect): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && !RESERVED_IDENTIFIERS.has(name.toLowerCase())
    ? name
    : dialect.quoteIdentifier(name)
}
