import type { A_Const, A_Expr, CaseExpr, ColumnRef, FuncCall, Node, SelectStmt, SubLink, TypeCast } from 'libpg-query'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { constantOf, lastName, namesOf } from '../statement/ast.js'
import type { SqlDialect } from './dialects.js'
import { AGGREGATES, OPERATORS, SCALAR_FUNCTIONS, TIME_FIELDS, WINDOW_FUNCTIONS } from './functions.js'
import { writeArrayItems } from './literals.js'
import { writeSort } from './sort.js'
import { joinSql, plainText, type Sql, sql } from './sql-text.js'
import { writeTypeName } from './type-names.js'
import { writeWindow } from './windows.js'

/** What an expression means where it stands. */
export interface ExpressionContext {
  readonly dialect: SqlDialect
  quoteIdentifier(name: string): string
  stringLiteral(value: string): string
  column(reference: ColumnRef): Sql
  /** Writes a node in a way of its own, or leaves it to the general way. */
  special?(node: Node, write: (node: Node) => Sql): Sql | undefined
  /** Told of every aggregate call before it is written. */
  aggregate(call: FuncCall, name: string): void
  subselect(select: SelectStmt): Sql
  parameter(number: number, location: number | undefined): Sql
  /** `x = ANY (array)` as a list of values, where they are known. */
  anyOf(expression: A_Expr, write: (node: Node) => Sql): Sql | undefined
  /** `current_user` and its like; undefined when the name is no such value. */
  sessionValue(name: string): string | null | undefined
}

/**
 * Writes an expression of a client's anew, in the warehouse's words. Only what is named here passes: every node type,
 * function, operator and type is on a list, names are quoted and values written as literals.
 * @throws WireError `0A000` or `42883` with the place of what is not on the lists.
 */
export function writeExpression(node: Node, context: ExpressionContext): Sql {
  const write = (each: Node): Sql => {
    const special = context.special?.(each, write)
    if (special !== undefined) return special
    return writeNode(each, context, write)
  }
  return write(node)
}

type Write = (node: Node) => Sql

function writeNode(node: Node, context: ExpressionContext, write: Write): Sql {
  if ('ColumnRef' in node) return context.column(node.ColumnRef)
  if ('A_Const' in node) return [writeConstant(node.A_Const, context)]
  if ('ParamRef' in node) return context.parameter(node.ParamRef.number ?? 0, node.ParamRef.location)
  if ('FuncCall' in node) return writeCall(node.FuncCall, context, write)
  if ('A_Expr' in node) return writeOperator(node.A_Expr, context, write)
  if ('BoolExpr' in node) {
    const args = (node.BoolExpr.args ?? []).map(write)
    if (node.BoolExpr.boolop === 'NOT_EXPR') return sql`(NOT ${args[0] ?? ''})`
    return sql`(${joinSql(args, node.BoolExpr.boolop === 'OR_EXPR' ? ' OR ' : ' AND ')})`
  }
  if ('NullTest' in node) {
    return sql`(${write(node.NullTest.arg!)} IS ${node.NullTest.nulltesttype === 'IS_NULL' ? 'NULL' : 'NOT NULL'})`
  }
  if ('BooleanTest' in node) {
    const test =
      BOOLEAN_TESTS[String(node.BooleanTest.booltesttype)] ?? unsupported('this test', node.BooleanTest.location)
    return sql`(${write(node.BooleanTest.arg!)} ${test})`
  }
  if ('TypeCast' in node) return writeCast(node.TypeCast, context, write)
  if ('CaseExpr' in node) return writeCase(node.CaseExpr, write)
  if ('CoalesceExpr' in node) return sql`coalesce(${joinSql((node.CoalesceExpr.args ?? []).map(write), ', ')})`
  if ('MinMaxExpr' in node) {
    const name = node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest'
    return sql`${name}(${joinSql((node.MinMaxExpr.args ?? []).map(write), ', ')})`
  }
  if ('SQLValueFunction' in node)
    return writeValueFunction(String(node.SQLValueFunction.op), context, node.SQLValueFunction.location)
  if ('SubLink' in node) return writeSubLink(node.SubLink, context, write)
  // Collations are the warehouse's own.
  if ('CollateClause' in node) return write(node.CollateClause.arg!)
  if ('List' in node) return sql`(${joinSql((node.List.items ?? []).map(write), ', ')})`
  if ('RowExpr' in node) return sql`(${joinSql((node.RowExpr.args ?? []).map(write), ', ')})`
  if ('A_ArrayExpr' in node) return sql`ARRAY[${joinSql((node.A_ArrayExpr.elements ?? []).map(write), ', ')}]`
  if ('SetToDefault' in node) return unsupported('DEFAULT', undefined)
  const [kind] = Object.keys(node)
  const { location } = (Object.values(node)[0] ?? {}) as { location?: number }
  return unsupported(`this kind of expression (${kind})`, location)
}

function unsupported(what: string, location: number | undefined): never {
  return refuse(SQLSTATE.featureNotSupported, `${what} is not supported here`, { location })
}

const BOOLEAN_TESTS: Readonly<Record<string, string>> = {
  IS_TRUE: 'IS TRUE',
  IS_NOT_TRUE: 'IS NOT TRUE',
  IS_FALSE: 'IS FALSE',
  IS_NOT_FALSE: 'IS NOT FALSE',
  IS_UNKNOWN: 'IS NULL',
  IS_NOT_UNKNOWN: 'IS NOT NULL',
}

function writeConstant(constant: A_Const, context: ExpressionContext): string {
  if (constant.isnull === true) return 'NULL'
  if (constant.sval !== undefined) return context.stringLiteral(constant.sval.sval ?? '')
  if (constant.boolval !== undefined) return constant.boolval.boolval === true ? 'TRUE' : 'FALSE'
  if (constant.ival !== undefined) return String(constant.ival.ival ?? 0)
  // The parser has checked that it is a number, but may keep `0x1F` and `1_000` as they were.
  const number = constant.fval?.fval ?? ''
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(number)) return number
  return unsupported('this way of writing a constant', constant.location)
}

function writeCall(call: FuncCall, context: ExpressionContext, write: Write): Sql {
  const path = namesOf(call.funcname)
  const name = path.at(-1)!.toLowerCase()
  const args = call.args ?? []
  if (path.length > 2 || (path.length === 2 && path[0] !== 'pg_catalog')) return unknownFunction(path.join('.'), call)
  const value = args.length === 0 ? context.sessionValue(name) : undefined
  if (value !== undefined) return [value === null ? 'NULL' : context.stringLiteral(value)]
  if (name === 'timezone' && args.length === 2) return sql`(${write(args[1]!)} AT TIME ZONE ${write(args[0]!)})`
  if (name === 'extract' || name === 'date_part') return writeDatePart(name, args, call, write)
  if (name === 'position' && args.length === 2) return sql`strpos(${write(args[0]!)}, ${write(args[1]!)})`
  if (name === 'overlay' || name === 'normalize') return unknownFunction(name, call)
  const isAggregate = AGGREGATES.has(name)
  const isWindow = WINDOW_FUNCTIONS.has(name)
  if (!isAggregate && !isWindow && !SCALAR_FUNCTIONS.has(name)) return unknownFunction(name, call)
  if (isWindow && call.over === undefined)
    refuse(SQLSTATE.syntaxError, `window function ${name} requires an OVER clause`, { location: call.location })
  if (isAggregate) context.aggregate(call, name)
  const written = args.map(write)
  return finishCall(call, name, written, context, write)
}

function finishCall(call: FuncCall, name: string, args: readonly Sql[], context: ExpressionContext, write: Write): Sql {
  const order =
    call.agg_order === undefined
      ? ''
      : sql` ORDER BY ${joinSql(
          call.agg_order.map((each) => writeSort(each, write)),
          ', ',
        )}`
  const special = context.dialect.calls[name]
  let body: Sql
  if (call.agg_star === true) body = sql`${name}(*)`
  else if (special !== undefined) {
    const texts = args.map(plainText)
    if (texts.includes(null)) unsupported(`a sub-select as an argument of ${name}`, call.location)
    body = [special(texts as string[], (call.args ?? []).map(constantOf))]
  } else if (call.agg_within_group === true)
    body = sql`${name}(${joinSql(args, ', ')}) WITHIN GROUP (${order.slice(0)})`
  else body = sql`${name}(${call.agg_distinct === true ? 'DISTINCT ' : ''}${joinSql(args, ', ')}${order})`
  if (call.agg_filter !== undefined) body = sql`${body} FILTER (WHERE ${write(call.agg_filter)})`
  return call.over === undefined ? body : sql`${body} OVER ${writeWindow(call.over, write, context)}`
}

/** `date_part('dow', x)`: EXTRACT in the form that every warehouse reads. */
function writeDatePart(name: string, args: readonly Node[], call: FuncCall, write: Write): Sql {
  const field = constantOf(args[0])
  if (typeof field !== 'string' || args.length !== 2 || !TIME_FIELDS.has(field.toLowerCase())) {
    return unsupported(`${name} with this field`, call.location)
  }
  return sql`date_part('${field.toLowerCase()}', ${write(args[1]!)})`
}

function unknownFunction(name: string, call: FuncCall): never {
  return refuse(SQLSTATE.undefinedFunction, `function ${name} is not available here`, {
    location: call.location,
    hint: 'The functions that can be used are listed in docs/serving-postgres.md.',
  })
}

function writeOperator(expression: A_Expr, context: ExpressionContext, write: Write): Sql {
  const { kind, lexpr, rexpr, location } = expression
  const operator = lastName(expression.name)
  const items = (): readonly Node[] => (rexpr !== undefined && 'List' in rexpr ? (rexpr.List.items ?? []) : [])
  switch (kind) {
    case 'AEXPR_OP':
      return writeBinary(operator, lexpr, rexpr, location, context, write)
    case 'AEXPR_OP_ANY':
    case 'AEXPR_OP_ALL': {
      const listed = context.anyOf(expression, write)
      if (listed !== undefined) return listed
      if (!OPERATORS.has(operator)) unsupported(`the operator ${operator}`, location)
      return sql`(${write(lexpr!)} ${operator} ${kind === 'AEXPR_OP_ANY' ? 'ANY' : 'ALL'} (${write(rexpr!)}))`
    }
    case 'AEXPR_IN':
      return sql`(${write(lexpr!)} ${operator === '<>' ? 'NOT IN' : 'IN'} (${joinSql(items().map(write), ', ')}))`
    case 'AEXPR_LIKE':
      return writeLike(operator.startsWith('!') ? 'NOT LIKE' : 'LIKE', lexpr!, rexpr!, write)
    case 'AEXPR_ILIKE':
      return writeLike(operator.startsWith('!') ? 'NOT ILIKE' : 'ILIKE', lexpr!, rexpr!, write)
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN': {
      const [low, high] = items()
      return sql`(${write(lexpr!)} ${kind === 'AEXPR_BETWEEN' ? 'BETWEEN' : 'NOT BETWEEN'} ${write(low!)} AND ${write(high!)})`
    }
    case 'AEXPR_NULLIF':
      return sql`nullif(${write(lexpr!)}, ${write(rexpr!)})`
    case 'AEXPR_DISTINCT':
      return sql`(${write(lexpr!)} IS DISTINCT FROM ${write(rexpr!)})`
    case 'AEXPR_NOT_DISTINCT':
      return sql`(${write(lexpr!)} IS NOT DISTINCT FROM ${write(rexpr!)})`
    default:
      return unsupported(`this operator (${operator})`, location)
  }
}

/** LIKE with its ESCAPE, which the parser hides in a call. */
function writeLike(word: string, left: Node, right: Node, write: Write): Sql {
  if ('FuncCall' in right && lastName(right.FuncCall.funcname) === 'like_escape') {
    const [pattern, escapeWith] = right.FuncCall.args ?? []
    return sql`(${write(left)} ${word} ${write(pattern!)} ESCAPE ${write(escapeWith!)})`
  }
  return sql`(${write(left)} ${word} ${write(right)})`
}

function writeBinary(
  operator: string,
  left: Node | undefined,
  right: Node | undefined,
  location: number | undefined,
  context: ExpressionContext,
  write: Write,
): Sql {
  if (!OPERATORS.has(operator)) unsupported(`the operator ${operator}`, location)
  if (left === undefined) {
    if (operator !== '-' && operator !== '+') unsupported(`the operator ${operator}`, location)
    return sql`(${operator} ${write(right!)})`
  }
  const special = context.dialect.operators[operator]
  const [a, b] = [write(left), write(right!)]
  if (special === undefined) return sql`(${a} ${operator} ${b})`
  const [x, y] = [plainText(a), plainText(b)]
  if (x === null || y === null) return unsupported(`a sub-select beside ${operator}`, location)
  return [special(x, y)]
}

function writeCast(cast: TypeCast, context: ExpressionContext, write: Write): Sql {
  const type = cast.typeName!
  const value = constantOf(cast.arg)
  const name = lastName(type.names)
  if (name === 'interval' && typeof value === 'string') {
    const unit = INTERVAL_UNITS[Number(constantOf(type.typmods?.[0]))]
    const bare = unit !== undefined && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value)
    return [`INTERVAL ${context.stringLiteral(bare ? `${value.trim()} ${unit}` : value)}`]
  }
  const target = writeTypeName(type, context.dialect)
  // An array as PostgreSQL writes it: `'{1,2}'::int[]`.
  if (type.arrayBounds !== undefined && typeof value === 'string' && /^\s*\{[^{]*$/.test(value)) {
    const items = writeArrayItems({ text: value, oid: 0 }, (text) => context.stringLiteral(text))
    return sql`CAST(ARRAY[${joinSql(items, ', ')}] AS ${target})`
  }
  return sql`CAST(${write(cast.arg!)} AS ${target})`
}

/** Bits of the fields in an interval's modifier. */
const INTERVAL_UNITS: Readonly<Record<number, string>> = {
  2: 'month',
  4: 'year',
  8: 'day',
  1024: 'hour',
  2048: 'minute',
  4096: 'second',
}

function writeCase({ arg, args, defresult }: CaseExpr, write: Write): Sql {
  const whens = (args ?? []).map((each) => {
    if (!('CaseWhen' in each)) return unsupported('this CASE', undefined)
    return sql` WHEN ${write(each.CaseWhen.expr!)} THEN ${write(each.CaseWhen.result!)}`
  })
  const otherwise = defresult === undefined ? '' : sql` ELSE ${write(defresult)}`
  return sql`CASE${arg === undefined ? '' : sql` ${write(arg)}`}${joinSql(whens, '')}${otherwise} END`
}

function writeValueFunction(op: string, context: ExpressionContext, location: number | undefined): Sql {
  const name = op
    .replace(/^SVFOP_/, '')
    .replace(/_N$/, '')
    .toLowerCase()
  if (/^current_(date|timestamp|time)$|^local(time|timestamp)$/.test(name)) return [name.toUpperCase()]
  const value = context.sessionValue(name)
  if (value === undefined) return unsupported(name, location)
  return [value === null ? 'NULL' : context.stringLiteral(value)]
}

function writeSubLink(link: SubLink, context: ExpressionContext, write: Write): Sql {
  const { subLinkType, subselect, testexpr, location } = link
  if (subselect === undefined || !('SelectStmt' in subselect)) return unsupported('this sub-select', location)
  const inner = context.subselect(subselect.SelectStmt)
  if (subLinkType === 'EXISTS_SUBLINK') return sql`EXISTS (${inner})`
  if (subLinkType === 'EXPR_SUBLINK') return sql`(${inner})`
  if (subLinkType === 'ANY_SUBLINK') {
    const operator = link.operName === undefined ? 'IN' : `${lastName(link.operName)} ANY`
    if (operator !== 'IN' && !OPERATORS.has(lastName(link.operName))) unsupported('this operator', location)
    return sql`(${write(testexpr!)} ${operator} (${inner}))`
  }
  return unsupported('this sub-select', location)
}
