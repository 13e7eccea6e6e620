import type { DatePart, TimeGranularity } from '../granularity.js'
import type { SqlSource } from './select.js'

/**
 * An SQL expression as data, free of dialect. `text` is the exception: words of the project's author or of a checked
 * caller, with our columns in their places.
 */
export type SqlExpr =
  | ColumnExpr
  | TextExpr
  | LiteralExpr
  | CallExpr
  | BinaryExpr
  | LogicalExpr
  | NotExpr
  | NullTestExpr
  | BetweenExpr
  | CaseExpr
  | CastExpr
  | FractionalExpr
  | DateTruncExpr
  | ExtractExpr
  | AddTimeExpr
  | RatioExpr
  | AggregateExpr
  | PercentileExpr
  | WindowExpr
  | RowIdExpr

/** A column of one of the sources of the statement it stands in. */
export interface ColumnExpr {
  readonly kind: 'column'
  readonly source: SqlSource
  readonly name: string
  /** Written in quotes by the author, so quotes are kept. */
  readonly quoted?: boolean
}

export interface TextExpr {
  readonly kind: 'text'
  readonly parts: readonly (string | SqlExpr)[]
  readonly binding: TextBinding
}

/** How a text holds together: `atom` beside any operator, `and` inside a conjunction, `or` only in parentheses. */
export type TextBinding = 'atom' | 'and' | 'or'

export type LiteralExpr =
  | { readonly kind: 'literal'; readonly type: 'string'; readonly value: string }
  | { readonly kind: 'literal'; readonly type: 'number'; readonly value: number }
  | { readonly kind: 'literal'; readonly type: 'timestamp'; readonly value: string }
  | { readonly kind: 'literal'; readonly type: 'null' }

export interface CallExpr {
  readonly kind: 'call'
  readonly name: string
  readonly args: readonly SqlExpr[]
}

export interface BinaryExpr {
  readonly kind: 'binary'
  readonly op: '=' | '<' | '<=' | '>' | '>=' | '<>' | '+' | '-' | '*' | '/'
  readonly left: SqlExpr
  readonly right: SqlExpr
}

export interface LogicalExpr {
  readonly kind: 'logical'
  readonly op: 'AND' | 'OR'
  readonly args: readonly SqlExpr[]
}

export interface NotExpr {
  readonly kind: 'not'
  readonly arg: SqlExpr
}

export interface NullTestExpr {
  readonly kind: 'null-test'
  readonly arg: SqlExpr
  readonly negated: boolean
}

export interface BetweenExpr {
  readonly kind: 'between'
  readonly arg: SqlExpr
  readonly low: SqlExpr
  readonly high: SqlExpr
}

export interface CaseExpr {
  readonly kind: 'case'
  readonly when: SqlExpr
  readonly result: SqlExpr
  readonly otherwise: SqlExpr | undefined
}

/** Types the plans themselves need; the dialect spells them. */
export type CastType = 'double' | 'timestamp'

export interface CastExpr {
  readonly kind: 'cast'
  readonly arg: SqlExpr
  readonly type: CastType
}

/** A number that is divided, or divides: as a fraction, also where whole numbers would give a whole number. */
export interface FractionalExpr {
  readonly kind: 'fractional'
  readonly arg: SqlExpr
}

export interface DateTruncExpr {
  readonly kind: 'date-trunc'
  readonly grain: TimeGranularity
  readonly arg: SqlExpr
  /** Stands in a condition that says what it is not, which a warehouse may need written with care. */
  readonly guarded?: boolean
  /** Is compared and never shown, so that it may have any type of time. */
  readonly compared?: boolean
}

export interface ExtractExpr {
  readonly kind: 'extract'
  readonly part: DatePart
  readonly arg: SqlExpr
}

/** `arg` moved by `count` grains; a negative count goes back. */
export interface AddTimeExpr {
  readonly kind: 'add-time'
  readonly arg: SqlExpr
  readonly count: number | SqlExpr
  readonly grain: TimeGranularity
  /** `arg` is a day that is only compared: see `comparedTime`. */
  readonly ofDay?: boolean
}

/** Division in floating point; NULL where the denominator is 0. */
export interface RatioExpr {
  readonly kind: 'ratio'
  readonly numerator: SqlExpr
  readonly denominator: SqlExpr
}

export type AggregateFunction = 'sum' | 'min' | 'max' | 'average' | 'count' | 'count_distinct'

export interface AggregateExpr {
  readonly kind: 'aggregate'
  readonly fn: AggregateFunction
  readonly arg: SqlExpr
  /** Only rows where this holds take part. */
  readonly filter: SqlExpr | undefined
}

export interface PercentileExpr {
  readonly kind: 'percentile'
  readonly arg: SqlExpr
  readonly percentile: number
  readonly discrete: boolean
  readonly approximate: boolean
  readonly filter: SqlExpr | undefined
}

export interface WindowExpr {
  readonly kind: 'window'
  readonly fn: string
  readonly args: readonly SqlExpr[]
  readonly partitionBy: readonly SqlExpr[]
  readonly orderBy: readonly { readonly expr: SqlExpr; readonly descending: boolean }[]
  /** Absent: the dialect's default frame. */
  readonly frame?: 'whole-partition' | 'up-to-current-row'
}

/** A value that no other row of the statement has; which one does not matter. */
export interface RowIdExpr {
  readonly kind: 'row-id'
}

export function column(source: SqlSource, name: string): ColumnExpr {
  return { kind: 'column', source, name }
}

export function numberLiteral(value: number): LiteralExpr {
  return { kind: 'literal', type: 'number', value }
}

export function stringLiteral(value: string): LiteralExpr {
  return { kind: 'literal', type: 'string', value }
}

export function timestampLiteral(value: string): LiteralExpr {
  return { kind: 'literal', type: 'timestamp', value }
}

export const NULL_LITERAL: LiteralExpr = { kind: 'literal', type: 'null' }

export function compare(op: BinaryExpr['op'], left: SqlExpr, right: SqlExpr): BinaryExpr {
  return { kind: 'binary', op, left, right }
}

/** A time that is compared and never shown: warehouses have cheaper ways to the day of a moment than cutting it off. */
export function comparedTime(time: SqlExpr): SqlExpr {
  return time.kind === 'date-trunc' ? { ...time, compared: true } : time
}

/** Whether a compared time is a day: its days can be counted. */
export function isComparedDay(time: SqlExpr): boolean {
  return time.kind === 'date-trunc' && time.grain === 'day' && time.compared === true
}

/** The conjunction of `args`; undefined for none, the argument itself for one. */
export function and(args: readonly SqlExpr[]): SqlExpr | undefined {
  return args.length > 1 ? { kind: 'logical', op: 'AND', args } : args[0]
}

/** The disjunction of `args`; undefined for none, the argument itself for one. */
export function or(args: readonly SqlExpr[]): SqlExpr | undefined {
  return args.length > 1 ? { kind: 'logical', op: 'OR', args } : args[0]
}

export function isNull(arg: SqlExpr): NullTestExpr {
  return { kind: 'null-test', arg, negated: false }
}

/** COALESCE, or the argument itself if there is one only. */
export function coalesce(args: readonly SqlExpr[]): SqlExpr {
  return args.length === 1 ? args[0]! : { kind: 'call', name: 'COALESCE', args }
}

/** The direct parts of an expression, for walks. */
export function childExprs(expr: SqlExpr): readonly SqlExpr[] {
  switch (expr.kind) {
    case 'column':
    case 'literal':
    case 'row-id':
      return []
    case 'text':
      return expr.parts.filter((part): part is SqlExpr => typeof part !== 'string')
    case 'call':
    case 'logical':
      return expr.args
    case 'binary':
      return [expr.left, expr.right]
    case 'not':
    case 'null-test':
    case 'cast':
    case 'fractional':
    case 'date-trunc':
    case 'extract':
      return [expr.arg]
    case 'between':
      return [expr.arg, expr.low, expr.high]
    case 'case':
      return expr.otherwise === undefined ? [expr.when, expr.result] : [expr.when, expr.result, expr.otherwise]
    case 'add-time':
      return typeof expr.count === 'number' ? [expr.arg] : [expr.arg, expr.count]
    case 'ratio':
      return [expr.numerator, expr.denominator]
    case 'aggregate':
    case 'percentile':
      return expr.filter === undefined ? [expr.arg] : [expr.arg, expr.filter]
    case 'window':
      return [...expr.args, ...expr.partitionBy, ...expr.orderBy.map((order) => order.expr)]
  }
}

/** Calls `visit` for every column below and in `expr`. */
export function eachColumn(expr: SqlExpr, visit: (column: ColumnExpr) => void): void {
  if (expr.kind === 'column') visit(expr)
  else for (const child of childExprs(expr)) eachColumn(child, visit)
}
