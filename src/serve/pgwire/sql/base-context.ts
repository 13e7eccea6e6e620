import type { SelectStmt } from 'libpg-query'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { writeAnyOf } from './any-of.js'
import { dialectNamed } from './dialects.js'
import type { ExpressionContext } from './expression.js'
import { MEASURE_FUNCTIONS } from './functions.js'
import { writeParameter } from './literals.js'
import type { Sql } from './sql-text.js'
import type { TranslationContext } from './translation.js'

/** What expressions mean everywhere; columns, aggregates and special forms depend on where they stand. */
export function baseContext(
  context: TranslationContext,
  subselect: (select: SelectStmt) => Sql,
): Omit<ExpressionContext, 'column'> {
  const { dialect } = context
  const stringLiteral = (value: string): string => dialect.stringLiteral(value)
  return {
    dialect: dialectNamed(dialect.name),
    quoteIdentifier: (name) => dialect.quoteIdentifier(name),
    stringLiteral,
    aggregate() {},
    subselect,
    parameter(number, location) {
      const value = context.parameter(number, location)
      return [value === undefined ? 'NULL' : writeParameter(value, stringLiteral)]
    },
    anyOf: (expression, write) => writeAnyOf(expression, write, context.parameter, stringLiteral),
    sessionValue: (name) => context.sessionValue(name),
    special(node) {
      if ('FuncCall' in node && isMeasureCall(node.FuncCall.funcname)) {
        refuse(SQLSTATE.undefinedFunction, 'MEASURE() asks for a metric, and there is no table of metrics here', {
          location: node.FuncCall.location,
          hint: 'tables of metrics are in the schema "metrics"',
        })
      }
      return undefined
    },
  }
}

function isMeasureCall(funcname: readonly unknown[] | undefined): boolean {
  const last = funcname?.at(-1) as { String?: { sval?: string } } | undefined
  return funcname?.length === 1 && MEASURE_FUNCTIONS.has(last?.String?.sval?.toLowerCase() ?? '')
}
