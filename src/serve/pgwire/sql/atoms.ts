import type { ColumnRef, FuncCall, Node } from 'libpg-query'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import type { ItemColumn, MetricColumn, MetricTableColumn } from '../relations/served.js'
import { constantOf, lastName, namesOf, walk } from '../statement/ast.js'
import { AGGREGATES, MEASURE_FUNCTIONS } from './functions.js'

/** The parts of an expression that the semantic layer answers: something grouped by, or a metric. */
export type Atom = ItemAtom | MetricAtom

export interface ItemAtom {
  readonly kind: 'item'
  readonly column: ItemColumn
  readonly grain: string | undefined
  readonly datePart: string | undefined
  readonly location: number | undefined
}

export interface MetricAtom {
  readonly kind: 'metric'
  readonly column: MetricColumn
  /** Asked for with an aggregate function, not by its name alone. */
  readonly aggregated: boolean
  readonly location: number | undefined
}

/** Tells which columns names stand for. */
export interface ColumnLookup {
  /** @throws WireError `42703` when the reference is to this table but names nothing. */
  find(reference: ColumnRef): MetricTableColumn
}

/** The same item has the same key. */
export function itemKey({ column, grain, datePart }: ItemAtom): string {
  return `${column.item}|${grain ?? ''}|${datePart ?? ''}`
}

const GRAINS = [
  'nanosecond',
  'microsecond',
  'millisecond',
  'second',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
]

/** The atom that a node is as a whole, or undefined when it is made of smaller parts. */
export function atomOf(node: Node, columns: ColumnLookup): Atom | undefined {
  if ('ColumnRef' in node) return columnAtom(node.ColumnRef, columns)
  if ('FuncCall' in node) return callAtom(node.FuncCall, columns)
  if ('TypeCast' in node && lastName(node.TypeCast.typeName?.names) === 'date') {
    // A day of a time is its grain; the cast is written around it.
    const time = timeColumn(node.TypeCast.arg, columns)
    return time === undefined ? undefined : { ...time, grain: truncated(time.column, 'day') }
  }
  return undefined
}

function columnAtom(reference: ColumnRef, columns: ColumnLookup): Atom {
  const column = columns.find(reference)
  const { location } = reference
  if (column.role === 'metric') return { kind: 'metric', column, aggregated: false, location }
  const grain = column.role === 'time' ? (column.grain ?? column.grains[0]) : undefined
  return { kind: 'item', column, grain, datePart: undefined, location }
}

function callAtom(call: FuncCall, columns: ColumnLookup): Atom | undefined {
  const name = lastName(call.funcname).toLowerCase()
  const args = call.args ?? []
  if (name === 'date_trunc' && args.length >= 2) {
    const grain = constantOf(args[0])
    const time = timeColumn(args[1], columns)
    if (typeof grain !== 'string' || time === undefined) return undefined
    return { ...time, grain: truncated(time.column, grain.toLowerCase()) }
  }
  if ((name === 'date_part' || name === 'extract') && args.length === 2) {
    const field = constantOf(args[0])
    const time = timeColumn(args[1], columns)
    if (typeof field !== 'string' || time === undefined) return undefined
    // The semantic layer counts days of the week from Monday, as isodow does; dow is computed from the day.
    const part = field.toLowerCase() === 'isodow' ? 'dow' : field.toLowerCase() === 'dow' ? '' : field.toLowerCase()
    return time.column.dateParts.includes(part) ? { ...time, grain: undefined, datePart: part } : undefined
  }
  if (call.over !== undefined) return undefined
  return measureAtom(call, name, columns)
}

/** `MEASURE(revenue)`, and `SUM(revenue)` where that is what the metric does. */
function measureAtom(call: FuncCall, name: string, columns: ColumnLookup): MetricAtom | undefined {
  const isMeasure = MEASURE_FUNCTIONS.has(name)
  if (!isMeasure && !AGGREGATES.has(name)) return undefined
  const [first] = call.args ?? []
  const reference = withoutCasts(first)
  const column =
    reference !== undefined && 'ColumnRef' in reference && !isStar(reference.ColumnRef)
      ? columns.find(reference.ColumnRef)
      : undefined
  const { location } = call
  if (column === undefined || column.role !== 'metric') {
    if (!isMeasure) return undefined
    return refuse(SQLSTATE.undefinedColumn, `${name}() takes the name of one metric`, { location })
  }
  if (call.agg_filter !== undefined) {
    refuse(SQLSTATE.featureNotSupported, `FILTER cannot narrow the metric "${column.metric}"`, {
      location,
      hint: 'put the condition into WHERE, or define a metric with this filter in the project',
    })
  }
  const called = call.agg_distinct === true ? `${name} distinct` : name
  if (!isMeasure && !column.sameAs.has(called)) wrongAggregate(column, called, location)
  return { kind: 'metric', column, aggregated: true, location }
}

/** @throws WireError: the function is not what the metric is. */
export function wrongAggregate(column: MetricColumn, called: string, location: number | undefined): never {
  const way = `${called.toUpperCase()}(${column.name})`
  const own = [...column.sameAs][0]
  return refuse(
    SQLSTATE.featureNotSupported,
    `${way} is not what the metric "${column.metric}" is: its values cannot be put together this way`,
    {
      location,
      hint: `use MEASURE(${column.name}), which is the metric as it is defined, at the groups of this query${own === undefined ? '' : `; ${own.toUpperCase()}(${column.name}) means the same`}`,
    },
  )
}

/** The time that an expression is, beneath casts that do not change which day it is. */
function timeColumn(node: Node | undefined, columns: ColumnLookup): ItemAtom | undefined {
  const inner = withoutCasts(node, /^(timestamp|timestamptz|date)$/)
  if (inner === undefined || !('ColumnRef' in inner) || isStar(inner.ColumnRef)) return undefined
  const column = columns.find(inner.ColumnRef)
  if (column.role !== 'time') return undefined
  return { kind: 'item', column, grain: undefined, datePart: undefined, location: inner.ColumnRef.location }
}

export function isStar(reference: ColumnRef): boolean {
  return (reference.fields ?? []).some((field) => 'A_Star' in field)
}

export function withoutCasts(node: Node | undefined, types = /./): Node | undefined {
  let inner = node
  while (inner !== undefined && 'TypeCast' in inner && types.test(lastName(inner.TypeCast.typeName?.names))) {
    inner = inner.TypeCast.arg
  }
  return inner
}

/** The grain asked for, or the column's own when that is coarser already. */
function truncated(column: ItemColumn, grain: string): string {
  if (column.grains.includes(grain)) return grain
  const own = column.grain ?? column.grains[0]
  if (own === undefined) return grain
  return GRAINS.includes(grain) && GRAINS.indexOf(grain) < GRAINS.indexOf(own) ? own : grain
}

/** All atoms of an expression, and the aggregates and windows among its parts. */
export interface Parts {
  readonly items: readonly ItemAtom[]
  readonly metrics: readonly MetricAtom[]
  /** Aggregates that are not metrics: `COUNT(*)`, `MIN(region)`. */
  readonly aggregates: readonly FuncCall[]
  readonly subselects: boolean
}

export function partsOf(node: Node | undefined, columns: ColumnLookup): Parts {
  const items: ItemAtom[] = []
  const metrics: MetricAtom[] = []
  const aggregates: FuncCall[] = []
  let subselects = false
  const visit = (each: unknown): void => {
    if (Array.isArray(each)) {
      for (const one of each) visit(one)
      return
    }
    if (typeof each !== 'object' || each === null) return
    if ('SubLink' in each) {
      subselects = true
      return
    }
    if (isNode(each)) {
      const atom = atomOf(each, columns)
      if (atom?.kind === 'item') {
        items.push(atom)
        return
      }
      if (atom?.kind === 'metric') {
        metrics.push(atom)
        return
      }
      if (
        'FuncCall' in each &&
        each.FuncCall.over === undefined &&
        AGGREGATES.has(lastName(each.FuncCall.funcname).toLowerCase())
      ) {
        aggregates.push(each.FuncCall)
      }
    }
    for (const value of Object.values(each)) visit(value)
  }
  visit(node)
  return { items, metrics, aggregates, subselects }
}

function isNode(value: object): value is Node {
  return 'ColumnRef' in value || 'FuncCall' in value || 'TypeCast' in value
}

/** Does anything under the node aggregate. */
export function hasAggregate(root: unknown): boolean {
  let found = false
  walk(root, (kind, node) => {
    if (kind !== 'FuncCall' || node['over'] !== undefined) return
    const name =
      namesOf((node as FuncCall).funcname)
        .at(-1)
        ?.toLowerCase() ?? ''
    if (AGGREGATES.has(name) || MEASURE_FUNCTIONS.has(name)) found = true
  })
  return found
}
