import type { SqlExpr } from '../../../sql/plan/expr.js'
import { numberLiteral } from '../../../sql/plan/expr.js'
import { bindExpression, type ColumnPart, type ExpressionText } from '../../../sql/plan/text/expression.js'
import type { NodeKind } from '../node-kind.js'
import type { DataflowNode, MetricColumn, NodeBase, PlanBuilder } from '../plan.js'
import { exprSize, extend, metricOf, type Relation, wrap } from '../relation.js'

/** Metrics computed from columns of the same row. All columns of the input stay. */
export interface ComputeNode extends NodeBase {
  readonly kind: 'compute'
  readonly input: DataflowNode
  readonly columns: readonly ComputedColumn[]
}

export interface ComputedColumn {
  readonly column: MetricColumn
  readonly formula: Formula
}

/** How a metric is computed from others of its row. */
export type Formula =
  | { readonly kind: 'column'; readonly column: MetricColumn; readonly fill: number | undefined }
  | { readonly kind: 'ratio'; readonly numerator: MetricColumn; readonly denominator: MetricColumn }
  | {
      readonly kind: 'text'
      readonly text: ExpressionText
      /** By the lower-case name the text calls it. */
      readonly inputs: ReadonlyMap<string, MetricColumn>
    }

export function compute(builder: PlanBuilder, input: DataflowNode, columns: readonly ComputedColumn[]): ComputeNode {
  const key = `${input.id}|${columns.map(({ column, formula }) => `${column.id}=${formulaKey(formula)}`).join(';')}`
  return builder.node({ kind: 'compute', input, columns }, key)
}

export function formulaKey(formula: Formula): string {
  switch (formula.kind) {
    case 'column':
      return `${formula.column.id}?${formula.fill ?? ''}`
    case 'ratio':
      return `${formula.numerator.id}/${formula.denominator.id}`
    case 'text':
      return formula.text.parts
        .map((part) =>
          typeof part === 'object' && 'column' in part
            ? `{${formulaInput(formula, part.column)?.id ?? part.column}}`
            : part,
        )
        .join('')
  }
}

export function formulaColumns(formula: Formula): readonly MetricColumn[] {
  switch (formula.kind) {
    case 'column':
      return [formula.column]
    case 'ratio':
      return [formula.numerator, formula.denominator]
    case 'text':
      return [...formula.inputs.values()]
  }
}

function formulaInput(formula: Extract<Formula, { kind: 'text' }>, name: string): MetricColumn | undefined {
  return formula.inputs.get(name.toLowerCase())
}

/** A formula whose text would get longer than this is computed from columns of a statement below. */
const MAX_INLINE_SIZE = 40

export const computeKind: NodeKind<ComputeNode> = {
  inputs: (node) => [node.input],
  withInputs: (node, [input], builder) => compute(builder, input!, node.columns),
  describe: (node) =>
    node.columns.map((column) => `${column.column.label} = ${describeFormula(column.formula)}`).join(', '),
  toSql: (node, context) => {
    const direct = context.relation(node.input)
    const tooLong = node.columns.some(
      ({ formula }) => formula.kind === 'text' && inlineSize(formula, direct) > MAX_INLINE_SIZE,
    )
    const input = tooLong ? wrap(direct, 'inputs') : direct
    const metrics = new Map(node.columns.map(({ column, formula }) => [column.id, formulaExpr(formula, input)]))
    return extend(input, { metrics })
  },
}

function formulaExpr(formula: Formula, input: Relation): SqlExpr {
  switch (formula.kind) {
    case 'column': {
      const value = metricOf(input, formula.column)
      if (formula.fill === undefined) return value
      return { kind: 'call', name: 'COALESCE', args: [value, numberLiteral(formula.fill)] }
    }
    case 'ratio':
      return {
        kind: 'ratio',
        numerator: metricOf(input, formula.numerator),
        denominator: metricOf(input, formula.denominator),
      }
    case 'text': {
      const divided = dividedColumns(formula.text)
      return bindExpression(formula.text, (part) => {
        const column = formulaInput(formula, part.column)
        const value = column && metricOf(input, column)
        return value && divided.has(part) && value.kind !== 'ratio' ? { kind: 'fractional', arg: value } : value
      })
    }
  }
}

/** The columns that must be fractions so that every division is: one beside each `/`, or all where none is. */
function dividedColumns({ parts }: ExpressionText): ReadonlySet<ColumnPart> {
  const divided = new Set<ColumnPart>()
  const columns = parts.filter(isColumn)
  for (const [index, part] of parts.entries()) {
    if (typeof part !== 'string' || !part.includes('/')) continue
    const text = part.trim()
    const [before, after] = [parts[index - 1], parts[index + 1]]
    const once = text.indexOf('/') === text.lastIndexOf('/')
    if (once && text.endsWith('/') && isColumn(after)) divided.add(after)
    else if (once && text.startsWith('/') && isColumn(before)) divided.add(before)
    else return new Set(columns)
  }
  return divided
}

function isColumn(part: ExpressionText['parts'][number] | undefined): part is ColumnPart {
  return typeof part === 'object' && 'column' in part
}

/** Size of the inputs beyond their first use, with those that are more than a plain call. */
function inlineSize(formula: Extract<Formula, { kind: 'text' }>, input: Relation): number {
  let size = 0
  for (const part of formula.text.parts) {
    const column = typeof part === 'object' && 'column' in part ? formulaInput(formula, part.column) : undefined
    if (column !== undefined) size += Math.max(0, exprSize(metricOf(input, column)) - 2)
  }
  return size
}

export function describeFormula(formula: Formula): string {
  switch (formula.kind) {
    case 'column':
      return formula.fill === undefined
        ? formula.column.label
        : `${formula.column.label}, ${formula.fill} where there is none`
    case 'ratio':
      return `${formula.numerator.label} / ${formula.denominator.label}`
    case 'text':
      return formula.text.parts
        .map((part) => (typeof part === 'string' ? part : 'column' in part ? part.column : ''))
        .join('')
  }
}
