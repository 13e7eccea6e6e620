import { fail } from '../../core/diagnostic.js'
import { type ExprRenderers, type PercentileKind, renderIdentifier, type SqlDialect } from './dialect.js'
import {
  type AggregateExpr,
  type AggregateFunction,
  type ColumnExpr,
  isComparedDay,
  type PercentileExpr,
  type SqlExpr,
} from './expr.js'
import type { SqlSource } from './select.js'

/** What a renderer of one kind of expression may ask for. */
export interface RenderExpr {
  readonly dialect: SqlDialect
  /** The text of a sub-expression. */
  (expr: SqlExpr): string
  /** The text of a sub-expression, in parentheses where operators around it could change its meaning. */
  operand(expr: SqlExpr): string
  /** The text of one condition among others joined by AND. */
  condition(expr: SqlExpr): string
}

/** Builds the renderer for one statement tree; `aliasOf` knows the names given to its sources. */
export function createExprRenderer(dialect: SqlDialect, aliasOf: (source: SqlSource) => string): RenderExpr {
  const renderers: ExprRenderers = {
    ...DEFAULT_RENDERERS,
    column: (expr) => `${aliasOf(expr.source)}.${columnName(expr, dialect)}`,
    ...dialect.render,
  }
  const render = ((expr: SqlExpr): string =>
    (renderers[expr.kind] as (expr: SqlExpr, render: RenderExpr) => string)(expr, render)) as {
    (expr: SqlExpr): string
    dialect: SqlDialect
    operand(expr: SqlExpr): string
    condition(expr: SqlExpr): string
  }
  render.dialect = dialect
  render.operand = (expr) => {
    const atomic = isAtomic(expr) || (expr.kind === 'add-time' && dialect.addTimeIsCall)
    return atomic ? render(expr) : `(${render(expr)})`
  }
  render.condition = (expr) => (isLoose(expr) ? `(${render(expr)})` : render(expr))
  return render
}

/** Whether the text of this expression stands for itself beside any operator. */
export function isAtomic(expr: SqlExpr): boolean {
  switch (expr.kind) {
    case 'text':
      return expr.binding === 'atom'
    case 'binary':
    case 'logical':
    case 'not':
    case 'null-test':
    case 'between':
    case 'ratio':
    case 'add-time':
      return false
    default:
      return true
  }
}

function isLoose(expr: SqlExpr): boolean {
  return expr.kind === 'text' ? expr.binding === 'or' : expr.kind === 'logical' && expr.op === 'OR'
}

function columnName(expr: ColumnExpr, dialect: SqlDialect): string {
  if (expr.quoted) return dialect.quoteIdentifier(expr.name)
  // Columns of tables are named as the author named them; behind a dot no word is reserved.
  return expr.source.kind === 'table' ? expr.name : renderIdentifier(expr.name, dialect)
}

const AGGREGATE_NAMES: { readonly [K in AggregateFunction]: string } = {
  sum: 'SUM',
  min: 'MIN',
  max: 'MAX',
  average: 'AVG',
  count: 'COUNT',
  count_distinct: 'COUNT',
}

const DEFAULT_RENDERERS: ExprRenderers = {
  column: (expr) => expr.name,
  text: (expr, render) => expr.parts.map((part) => (typeof part === 'string' ? part : render.operand(part))).join(''),
  literal: (expr, render) => {
    if (expr.type === 'null') return 'NULL'
    return expr.type === 'number' ? String(expr.value) : render.dialect.stringLiteral(expr.value)
  },
  call: (expr, render) => `${expr.name}(${expr.args.map(render).join(', ')})`,
  binary: (expr, render) => `${render.operand(expr.left)} ${expr.op} ${render.operand(expr.right)}`,
  logical: (expr, render) =>
    expr.args.map((arg) => (expr.op === 'AND' ? render.condition(arg) : render.operand(arg))).join(` ${expr.op} `),
  not: (expr, render) => `NOT ${render.operand(expr.arg)}`,
  'null-test': (expr, render) => `${render.operand(expr.arg)} IS ${expr.negated ? 'NOT ' : ''}NULL`,
  between: (expr, render) =>
    `${render.operand(expr.arg)} BETWEEN ${render.operand(expr.low)} AND ${render.operand(expr.high)}`,
  case: (expr, render) =>
    `CASE WHEN ${render(expr.when)} THEN ${render(expr.result)}` +
    `${expr.otherwise === undefined ? '' : ` ELSE ${render(expr.otherwise)}`} END`,
  cast: (expr, render) => `CAST(${render(expr.arg)} AS ${render.dialect.types[expr.type]})`,
  fractional: (expr, render) =>
    render.dialect.integerDivision
      ? `CAST(${render(expr.arg)} AS ${render.dialect.types.double})`
      : render.operand(expr.arg),
  'date-trunc': (expr, render) => {
    if (render.dialect.unsupportedGranularities.has(expr.grain)) {
      fail('semantic', 'grain-not-supported', `${render.dialect.name} has no time granularity '${expr.grain}'.`)
    }
    if (render.dialect.dates && isComparedDay(expr)) return `CAST(${render(expr.arg)} AS DATE)`
    return render.dialect.dateTrunc(expr.grain, render(expr.arg), expr.guarded)
  },
  extract: (expr, render) => `EXTRACT(${render.dialect.datePart(expr.part)} FROM ${render(expr.arg)})`,
  'add-time': (expr, render) => {
    const factor = expr.grain === 'quarter' ? 3 : 1
    const unit = expr.grain === 'quarter' ? 'month' : expr.grain
    if (typeof expr.count === 'number') {
      if (expr.ofDay && render.dialect.dates && (unit === 'day' || unit === 'week')) {
        return addDays(render.operand(expr.arg), expr.count * (unit === 'week' ? 7 : 1))
      }
      const number = expr.count * factor
      return render.dialect.addTime(render.operand(expr.arg), { sql: String(number), number }, unit)
    }
    const count = factor === 1 ? render.operand(expr.count) : `${render.operand(expr.count)} * ${factor}`
    return render.dialect.addTime(render.operand(expr.arg), { sql: count }, unit)
  },
  ratio: (expr, render) => {
    const double = render.dialect.types.double
    return `CAST(${render(expr.numerator)} AS ${double}) / CAST(NULLIF(${render(expr.denominator)}, 0) AS ${double})`
  },
  aggregate: (expr, render) => {
    const distinct = expr.fn === 'count_distinct' ? 'DISTINCT ' : ''
    const { arg, suffix } = filtered(expr.fn === 'average' ? asFraction(expr, render) : expr, render)
    return `${AGGREGATE_NAMES[expr.fn]}(${distinct}${arg})${suffix}`
  },
  percentile: (expr, render) => {
    const kind = percentileKind(expr)
    if (!render.dialect.percentiles.has(kind)) {
      fail(
        'semantic',
        'percentile-not-supported',
        `${render.dialect.name} cannot compute ${kind.startsWith('a') ? 'an' : 'a'} ${describe(kind)}.`,
        {
          hint: `Use ${[...render.dialect.percentiles].map(describe).join(' or ')} in the metric's agg_params.`,
        },
      )
    }
    const { arg, suffix } = filtered(expr, render)
    return render.dialect.percentile(arg, expr.percentile, kind) + suffix
  },
  'row-id': (_expr, render) => render.dialect.rowId,
  window: (expr, render) => {
    const clauses: string[] = []
    if (expr.partitionBy.length > 0) clauses.push(`PARTITION BY ${expr.partitionBy.map(render).join(', ')}`)
    if (expr.orderBy.length > 0) {
      const keys = expr.orderBy.map((order) => `${render(order.expr)}${order.descending ? ' DESC' : ''}`)
      clauses.push(`ORDER BY ${keys.join(', ')}`)
    }
    if (expr.frame !== undefined) {
      const end = expr.frame === 'whole-partition' ? 'UNBOUNDED FOLLOWING' : 'CURRENT ROW'
      clauses.push(`ROWS BETWEEN UNBOUNDED PRECEDING AND ${end}`)
    }
    return `${expr.fn}(${expr.args.map(render).join(', ')}) OVER (${clauses.join(' ')})`
  },
}

function addDays(date: string, days: number): string {
  return `${date} ${days < 0 ? '-' : '+'} ${Math.abs(days)}`
}

/** Where an average of whole numbers is a whole number, it is taken of fractions. */
function asFraction(expr: AggregateExpr, { dialect }: RenderExpr): AggregateExpr {
  return dialect.integerAverage ? { ...expr, arg: { kind: 'cast', type: 'double', arg: expr.arg } } : expr
}

/** The argument and what follows the call for an aggregate over some of the rows. */
function filtered(expr: AggregateExpr | PercentileExpr, render: RenderExpr): { arg: string; suffix: string } {
  if (expr.filter === undefined) return { arg: render(expr.arg), suffix: '' }
  if (render.dialect.aggregateFilter) {
    return { arg: render(expr.arg), suffix: ` FILTER (WHERE ${render(expr.filter)})` }
  }
  return { arg: `CASE WHEN ${render(expr.filter)} THEN ${render(expr.arg)} END`, suffix: '' }
}

export function percentileKind(expr: { readonly discrete: boolean; readonly approximate: boolean }): PercentileKind {
  if (expr.approximate) return expr.discrete ? 'approximate-discrete' : 'approximate-continuous'
  return expr.discrete ? 'discrete' : 'continuous'
}

function describe(kind: PercentileKind): string {
  return `${kind.replace('-', ' ')} percentile`
}
