import type { Node, SelectStmt } from 'libpg-query'
import { WireError } from '../protocol/wire-error.js'
import { constantOf, lastName, walk } from '../statement/ast.js'
import { type Atom, atomOf, type ColumnLookup } from './atoms.js'
import type { ExpressionContext } from './expression.js'
import { writeExpression } from './expression.js'
import { plainText } from './sql-text.js'

/** Functions that filters of metric queries may use. */
const FUNCTIONS: ReadonlySet<string> = new Set(
  `abs ceil ceiling concat date_part date_trunc exp extract floor left length ln lower lpad ltrim mod nullif power
  replace right round rpad rtrim sign split_part sqrt strpos substr substring trim btrim upper`.split(/\s+/),
)
const OPERATORS: ReadonlySet<string> = new Set('= <> < <= > >= + - * / % || ~~ !~~ ~~* !~~* BETWEEN'.split(' '))

/**
 * A condition as a filter of a metric query, whose columns are calls like `{{ Dimension('customer__region') }}`; null
 * when it has parts that such filters cannot have.
 */
export function writeFilter(condition: Node, columns: ColumnLookup, context: ExpressionContext): string | null {
  if (!isFilterable(condition)) return null
  const calls: string[] = []
  let onlyItems = true
  const filter: ExpressionContext = {
    ...context,
    dialect: {
      ...context.dialect,
      types: { ...context.dialect.types, text: 'VARCHAR', name: 'VARCHAR', string: 'VARCHAR' },
    },
    special(node, write) {
      if ('SubLink' in node) onlyItems = false
      const atom = atomOf(node, columns)
      if (atom === undefined) return context.special?.(node, write)
      if (atom.kind === 'metric') onlyItems = false
      calls.push(callOf(atom))
      return [MARK]
    },
  }
  try {
    const text = plainText(writeExpression(condition, filter))
    if (!onlyItems || text === null) return null
    const pieces = text.split(MARK)
    // A value that looks like our mark must not become a call, nor one that looks like a template: that is cut in two.
    if (pieces.length !== calls.length + 1) return null
    const cut = pieces.map((piece) => piece.replace(/\{(?=[{%#])|\}(?=\})/g, (brace) => `${brace}' || '`))
    return cut.map((piece, index) => piece + (calls[index] ?? '')).join('')
  } catch (error) {
    if (error instanceof WireError && error.sqlState === '42883') return null
    throw error
  }
}

/** Stands for a call until the rest was looked at. */
const MARK = '\u0001'

function isFilterable(condition: Node): boolean {
  let fine = true
  walk(condition, (kind, node) => {
    const { funcname, name, over } = node as { funcname?: Node[]; name?: Node[]; over?: unknown }
    if (kind === 'FuncCall' && (over !== undefined || !FUNCTIONS.has(lastName(funcname).toLowerCase()))) {
      if (lastName(funcname) !== 'like_escape' && lastName(funcname) !== 'now') fine = false
    }
    if (kind === 'A_Expr' && !OPERATORS.has(lastName(name)) && !/BETWEEN/.test(lastName(name))) fine = false
    if (kind === 'RowExpr' || kind === 'A_ArrayExpr' || kind === 'SubLink') fine = kind === 'A_ArrayExpr' && fine
  })
  return fine
}

function callOf(atom: Atom): string {
  if (atom.kind === 'metric') return ''
  const { column, grain, datePart } = atom
  const path = column.item.split('__')
  if (column.role === 'entity') return `{{ Entity('${path.at(-1)}'${pathArgument(path.slice(0, -1))}) }}`
  const own = path.slice(-2).join('__')
  const rest = pathArgument(path.slice(0, -2))
  if (column.role === 'dimension') return `{{ Dimension('${own}'${rest}) }}`
  if (datePart !== undefined) return `{{ Dimension('${own}'${rest}).date_part('${datePart}') }}`
  return grain === undefined ? `{{ Dimension('${own}'${rest}) }}` : `{{ Dimension('${own}'${rest}).grain('${grain}') }}`
}

function pathArgument(path: readonly string[]): string {
  return path.length === 0 ? '' : `, entity_path=[${path.map((name) => `'${name}'`).join(', ')}]`
}

/** The parts of a condition that must all hold. */
export function conjuncts(condition: Node | undefined): readonly Node[] {
  if (condition === undefined) return []
  if ('BoolExpr' in condition && condition.BoolExpr.boolop === 'AND_EXPR') {
    return (condition.BoolExpr.args ?? []).flatMap(conjuncts)
  }
  return [condition]
}

/** A select that says itself that it wants no row. */
export function hasNoRows({ whereClause, limitCount }: SelectStmt): boolean {
  return constantOf(limitCount) === 0 || conjuncts(whereClause).some(isFalse)
}

function isFalse(node: Node): boolean {
  const value = constantOf(node)
  if (value !== undefined) return value === false
  if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_OP') return false
  const [left, right] = [constantOf(node.A_Expr.lexpr), constantOf(node.A_Expr.rexpr)]
  if (left === undefined || right === undefined) return false
  const operator = lastName(node.A_Expr.name)
  return (operator === '=' && left !== right) || (operator === '<>' && left === right)
}
