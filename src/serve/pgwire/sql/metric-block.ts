import type { Node, SelectStmt } from 'libpg-query'
import type { MetricQuery } from '../../../query/index.js'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import type { Additivity } from '../relations/additivity.js'
import { columnName, constantOf, lastName } from '../statement/ast.js'
import {
  type Atom,
  atomOf,
  type ColumnLookup,
  hasAggregate,
  type ItemAtom,
  isStar,
  itemKey,
  type MetricAtom,
  type Parts,
  partsOf,
} from './atoms.js'
import { type ExpressionContext, writeExpression } from './expression.js'
import { conjuncts, hasNoRows, writeFilter } from './filters.js'
import { lookupOf, type MetricSource } from './metric-source.js'
import { writeSort } from './sort.js'
import { joinSql, type Sql, sql } from './sql-text.js'
import type { OutputColumn, PureMetrics, Translated } from './translation.js'
import { windowClause } from './windows.js'

const INNER = 'q'

/**
 * A select over a table of metrics: the part that asks metrics becomes one metric query, the rest is written around it.
 * `base` writes what has nothing to do with metrics.
 */
export function translateMetricBlock(
  select: SelectStmt,
  source: MetricSource,
  base: Omit<ExpressionContext, 'column'>,
  number: (node: Node | undefined) => Sql | undefined,
): Translated {
  return new MetricBlock(select, source, base).translate(number)
}

interface Target {
  readonly name: string
  readonly node: Node
}

class MetricBlock {
  readonly #select: SelectStmt
  readonly #source: MetricSource
  readonly #base: Omit<ExpressionContext, 'column'>
  readonly #columns: ColumnLookup
  readonly #targets: readonly Target[]
  readonly #aggregated: boolean
  /** What is grouped by within, by key. */
  readonly #items = new Map<string, ItemAtom>()
  readonly #metrics = new Map<string, MetricAtom>()
  readonly #filters: string[] = []
  readonly #after: Node[] = []
  #regroup = false

  constructor(select: SelectStmt, source: MetricSource, base: Omit<ExpressionContext, 'column'>) {
    this.#select = select
    this.#source = source
    this.#base = base
    this.#columns = lookupOf(source)
    this.#targets = this.#expandTargets()
    this.#aggregated =
      select.groupClause !== undefined ||
      select.havingClause !== undefined ||
      hasAggregate([select.targetList, select.sortClause])
  }

  translate(number: (node: Node | undefined) => Sql | undefined): Translated {
    const { havingClause, sortClause } = this.#select
    const groups = this.#groupExpressions()
    const sorts = (sortClause ?? []).flatMap((each) =>
      'SortBy' in each && each.SortBy.node !== undefined ? [each.SortBy.node] : [],
    )
    const sortParts = sorts.map((node) => this.#parts(this.#sortTarget(node) ?? node))
    const parts = [...this.#targets.map(({ node }) => this.#parts(node)), this.#parts(havingClause), ...sortParts]
    for (const each of parts) for (const metric of each.metrics) this.#metrics.set(metric.column.metric, metric)
    if (this.#aggregated) this.#groupAs(groups, parts)
    else for (const each of parts) this.#addItems(each.items)
    this.#splitWhere()
    if (this.#regroup) this.#checkAdditive()
    if (this.#items.size === 0 && this.#metrics.size === 0) {
      return !this.#aggregated && hasNoRows(this.#select) ? this.#nothing() : this.#refuseEmpty()
    }
    return this.#write(groups, number)
  }

  /** The targets, with `*` as the columns it stands for. */
  #expandTargets(): Target[] {
    return (this.#select.targetList ?? []).flatMap((each): Target[] => {
      if (!('ResTarget' in each) || each.ResTarget.val === undefined) return []
      const { name } = each.ResTarget
      const val: Node = each.ResTarget.val
      if ('ColumnRef' in val && isStar(val.ColumnRef)) {
        return this.#source.listed.map((column) => ({
          name: column,
          node: { ColumnRef: { fields: [{ String: { sval: column } }], location: val.ColumnRef.location ?? 0 } },
        }))
      }
      const target: Target = { name: name ?? columnName(val), node: val }
      return [target]
    })
  }

  #parts(node: Node | undefined): Parts {
    return partsOf(node, this.#columns)
  }

  #addItems(items: readonly ItemAtom[]): void {
    for (const item of items) this.#items.set(itemKey(item), item)
  }

  /** What GROUP BY lists, with positions and output names replaced by what they stand for. */
  #groupExpressions(): readonly Node[] {
    return (this.#select.groupClause ?? []).map((node) => {
      if ('GroupingSet' in node) {
        refuse(SQLSTATE.featureNotSupported, 'GROUPING SETS, ROLLUP and CUBE are not supported over metrics', {
          location: node.GroupingSet.location,
          hint: 'ask once for each set of groups and put the answers together with UNION ALL',
        })
      }
      const position = constantOf(node)
      if (typeof position === 'number') {
        return (
          this.#targets[position - 1]?.node ??
          refuse(SQLSTATE.syntaxError, `GROUP BY position ${position} is not in select list`)
        )
      }
      return this.#outputNamed(node, true) ?? node
    })
  }

  /** The target that a bare name means: in GROUP BY a column of the table goes first. */
  #outputNamed(node: Node, columnFirst: boolean): Node | undefined {
    if (!('ColumnRef' in node) || node.ColumnRef.fields?.length !== 1) return undefined
    const name = lastName(node.ColumnRef.fields)
    if (columnFirst && this.#source.columns.has(name)) return undefined
    return this.#targets.find((target) => target.name === name)?.node
  }

  #sortTarget(node: Node): Node | undefined {
    const position = constantOf(node)
    if (typeof position === 'number') return this.#targets[position - 1]?.node
    return this.#outputNamed(node, false)
  }

  /** Decides what the metric query groups by, and whether its rows are grouped once more around it. */
  #groupAs(groups: readonly Node[], parts: readonly Parts[]): void {
    const made: ItemAtom[] = []
    for (const group of groups) {
      const { items, metrics, aggregates } = this.#parts(group)
      // A metric in GROUP BY groups nothing: there is one value in every group.
      if (metrics.length > 0 || items.length === 0) continue
      if (aggregates.length > 0) refuse(SQLSTATE.groupingError, 'aggregate functions are not allowed in GROUP BY')
      if (keepsGroups(group, this.#columns)) this.#addItems(items)
      else made.push(...items)
    }
    const over = parts.flatMap((each) => each.aggregates)
    for (const call of over) {
      const { items } = partsOf({ FuncCall: { ...call, funcname: [{ String: { sval: 'coalesce' } }] } }, this.#columns)
      const name = lastName(call.funcname).toLowerCase()
      const distinct = call.agg_distinct === true || name === 'min' || name === 'max'
      if (call.agg_star === true || !distinct || items.length === 0) {
        refuse(
          SQLSTATE.featureNotSupported,
          `${name.toUpperCase()}(${call.agg_star === true ? '*' : '...'}) has no rows to count here: a table of metrics holds no rows of its own`,
          {
            location: call.location,
            hint: 'ask for a metric that counts, or count the rows of a result: SELECT COUNT(*) FROM (SELECT ... FROM ... GROUP BY ...) AS t',
          },
        )
      }
      made.push(...items)
    }
    if (made.length > 0) {
      this.#regroup = true
      this.#addItems(made)
    }
    this.#checkGrouped(parts, groups)
  }

  /** Everything shown must be one of the groups, or made of them. */
  #checkGrouped(parts: readonly Parts[], groups: readonly Node[]): void {
    const texts = new Set(groups.map((group) => JSON.stringify(strip(group))))
    for (const [index, { items }] of parts.entries()) {
      const target = this.#targets[index]
      if (target !== undefined && texts.has(JSON.stringify(strip(target.node)))) continue
      const aggregated = new Set(
        (parts[index]?.aggregates ?? []).flatMap((call) => partsOf(call.args?.[0], this.#columns).items.map(itemKey)),
      )
      for (const item of items) {
        if (this.#items.has(itemKey(item)) || aggregated.has(itemKey(item))) continue
        refuse(
          SQLSTATE.groupingError,
          `column "${item.column.name}" must appear in the GROUP BY clause or be used in an aggregate function`,
          {
            location: item.location,
            hint: item.column.role === 'time' ? 'group by the same grain that is shown, or by a finer one' : undefined,
          },
        )
      }
    }
  }

  /** Conditions go into the metric query where it can hold them, and otherwise around it where that is the same. */
  #splitWhere(): void {
    const all = [
      ...this.#source.where.flatMap(({ condition, columns }) =>
        conjuncts(condition).map((node) => ({ node, columns })),
      ),
      ...conjuncts(this.#select.whereClause).map((node) => ({ node, columns: this.#columns })),
    ]
    for (const { node, columns } of all) {
      const { items, metrics, subselects } = partsOf(node, columns)
      if (metrics.length === 0 && !subselects && items.length > 0) {
        const filter = writeFilter(node, columns, { ...this.#base, column: () => [] })
        if (filter !== null) {
          this.#filters.push(filter)
          continue
        }
      }
      if (columns !== this.#columns)
        refuse(SQLSTATE.featureNotSupported, 'this condition of a sub-select over metrics is not supported')
      if (metrics.length > 0 && this.#aggregated) {
        refuse(
          SQLSTATE.groupingError,
          `the metric "${metrics[0]?.column.name}" is not known before the rows are grouped`,
          {
            location: metrics[0]?.location,
            hint: 'put conditions on metrics into HAVING',
          },
        )
      }
      for (const metric of metrics) this.#metrics.set(metric.column.metric, metric)
      const missing = items.filter((item) => !this.#items.has(itemKey(item)))
      if (missing.length > 0) {
        if (!this.#aggregated || [...this.#metrics.values()].some((metric) => metric.column.additivity === null)) {
          refuse(
            SQLSTATE.featureNotSupported,
            `this condition on "${missing[0]?.column.name}" cannot be put before the metrics are computed`,
            {
              location: missing[0]?.location,
              hint: 'use comparisons, IN, BETWEEN, LIKE and plain functions, or group by the column as well',
            },
          )
        }
        this.#regroup = true
        this.#addItems(missing)
      }
      this.#after.push(node)
    }
  }

  #checkAdditive(): void {
    for (const { column, location } of this.#metrics.values()) {
      if (column.additivity !== null) continue
      refuse(
        SQLSTATE.featureNotSupported,
        `the metric "${column.metric}" cannot be put together over groups that are made here`,
        {
          location,
          hint: `its values do not add up: group by columns of the table, date_trunc() or extract() of its times, or define the grouping as a dimension in the project and ask MEASURE(${column.name}) by it`,
        },
      )
    }
  }

  /** What tools ask to find out whether a table may be read: `SELECT TRUE FROM t WHERE 1 <> 1 LIMIT 0`. */
  #nothing(): Translated {
    const columns = this.#targets.map(({ name }): OutputColumn => ({ name, metric: null }))
    const context = this.#context()
    const list = this.#targets.map(
      ({ name, node }) => sql`${writeExpression(node, context)} AS ${this.#base.quoteIdentifier(name)}`,
    )
    return { sql: sql`SELECT ${joinSql(list, ', ')} WHERE 1 = 0`, columns, pure: null }
  }

  #refuseEmpty(): never {
    return refuse(
      SQLSTATE.featureNotSupported,
      `nothing of "${this.#source.table.name}" is asked for: name a metric or a dimension`,
      {
        hint: `columns: ${this.#source.listed.join(', ')}`,
      },
    )
  }

  #query(limit: number | undefined): MetricQuery {
    const saved = this.#source.table.savedQuery
    return {
      metrics: [...this.#metrics.keys()],
      groupBy: [...this.#items.values()].map(({ column, grain, datePart }) => ({
        name: column.item,
        ...(datePart !== undefined ? { datePart } : grain === undefined ? {} : { grain }),
      })),
      where: [...(saved?.where ?? []), ...this.#filters],
      ...(limit === undefined ? {} : { limit }),
    }
  }

  #write(groups: readonly Node[], number: (node: Node | undefined) => Sql | undefined): Translated {
    const { distinctClause, havingClause, sortClause, limitCount, limitOffset, windowClause: windows } = this.#select
    const columns = this.#targets.map(({ name, node }): OutputColumn => ({ name, metric: this.#provenance(node) }))
    const context = this.#context()
    const write = (node: Node): Sql => writeExpression(node, context)
    const limit = number(limitCount)
    const offset = number(limitOffset)
    const plain = [distinctClause, havingClause, sortClause, limitOffset, windows].every((each) => each === undefined)
    const pure = plain && this.#after.length === 0 && !this.#regroup ? this.#pure(limit) : null
    const named = this.#targets.map(({ name, node }) => sql`${write(node)} AS ${context.quoteIdentifier(name)}`)
    const distinct = distinctClause === undefined ? '' : 'DISTINCT '
    if (distinctClause?.some((each) => Object.keys(each).length > 0)) {
      refuse(SQLSTATE.featureNotSupported, 'DISTINCT ON is not supported over metrics')
    }
    const inner = {
      ...this.#query(undefined),
      metrics: [...this.#metrics.keys()].map((name, index) => ({ name, alias: `m${index}` })),
      groupBy: this.#query(undefined).groupBy!.map((item, index) => ({
        ...(item as { name: string }),
        alias: `g${index}`,
      })),
    }
    const post = [
      ...this.#after.map(write),
      ...(this.#regroup || havingClause === undefined ? [] : [write(havingClause)]),
    ]
    const clauses: (Sql | string)[] = [
      sql`SELECT ${distinct}${joinSql(named, ', ')} FROM ${[{ metrics: inner }]} AS ${context.quoteIdentifier(INNER)}`,
    ]
    if (post.length > 0) clauses.push(sql`WHERE ${joinSql(post, ' AND ')}`)
    if (this.#regroup && groups.length > 0)
      clauses.push(
        sql`GROUP BY ${joinSql(
          groups.map((group) => sql`(${write(group)})`),
          ', ',
        )}`,
      )
    if (this.#regroup && havingClause !== undefined) clauses.push(sql`HAVING ${write(havingClause)}`)
    if (windows !== undefined) clauses.push(windowClause(windows, write, context))
    if (sortClause !== undefined) {
      const target = (node: Node): Sql => write(this.#sortTarget(node) ?? node)
      clauses.push(
        sql`ORDER BY ${joinSql(
          sortClause.map((each) => writeSort(each, target)),
          ', ',
        )}`,
      )
    }
    if (limit !== undefined) clauses.push(sql`LIMIT ${limit}`)
    if (offset !== undefined) clauses.push(sql`OFFSET ${offset}`)
    return { sql: joinSql(clauses, ' '), columns, pure }
  }

  /** When every target is an atom as it is, the question can be asked as metrics alone. */
  #pure(limit: Sql | undefined): PureMetrics | null {
    const items = [...this.#items.keys()]
    const metrics = [...this.#metrics.keys()]
    const take = this.#targets.map(({ node }) => {
      const atom = 'TypeCast' in node ? undefined : atomOf(node, this.#columns)
      if (atom === undefined) return -1
      return atom.kind === 'item' ? items.indexOf(itemKey(atom)) : items.length + metrics.indexOf(atom.column.metric)
    })
    const count = limit === undefined ? undefined : Number(limit.join(''))
    if (take.includes(-1) || (count !== undefined && !Number.isSafeInteger(count))) return null
    return { query: this.#query(count), take, names: this.#targets.map(({ name }) => name) }
  }

  #context(): ExpressionContext {
    const quote = (name: string): string => `${this.#base.quoteIdentifier(INNER)}.${this.#base.quoteIdentifier(name)}`
    return {
      ...this.#base,
      column: () => [],
      special: (node, write) => {
        const atom = atomOf(node, this.#columns)
        if (atom === undefined) return this.#base.special?.(node, write)
        const inner = quote(this.#place(atom))
        if (atom.kind === 'metric' && this.#regroup) return [`${atom.column.additivity}(${inner})`]
        return ['TypeCast' in node ? `CAST(${inner} AS DATE)` : inner]
      },
    }
  }

  #place(atom: Atom): string {
    if (atom.kind === 'metric') return `m${[...this.#metrics.keys()].indexOf(atom.column.metric)}`
    return `g${[...this.#items.keys()].indexOf(itemKey(atom))}`
  }

  /** The metric that an output is, and how its values may be put together further out. */
  #provenance(node: Node): OutputColumn['metric'] {
    const { metrics } = this.#parts(node)
    const [first] = metrics
    if (first === undefined) return null
    return { name: first.column.metric, additivity: additivityOf(node, this.#columns) }
  }
}

/** Additivity of an expression: sums stay sums when they are added, scaled by a constant, cast, or filled with zero. */
function additivityOf(node: Node, columns: ColumnLookup): Additivity {
  const atom = atomOf(node, columns)
  if (atom?.kind === 'metric') return atom.column.additivity
  if ('TypeCast' in node && node.TypeCast.arg !== undefined) return additivityOf(node.TypeCast.arg, columns)
  if ('CoalesceExpr' in node) {
    const [first, ...rest] = node.CoalesceExpr.args ?? []
    return first !== undefined && rest.every((each) => constantOf(each) === 0) ? additivityOf(first, columns) : null
  }
  if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_OP') return null
  const { lexpr, rexpr } = node.A_Expr
  const operator = lastName(node.A_Expr.name)
  if (lexpr === undefined || rexpr === undefined) return null
  const [left, right] = [additivityOf(lexpr, columns), additivityOf(rexpr, columns)]
  if ((operator === '+' || operator === '-') && left === 'sum' && right === 'sum') return 'sum'
  const scaled = (operator === '*' || operator === '/') && left === 'sum' && typeof constantOf(rexpr) === 'number'
  return scaled ? 'sum' : null
}

/** Does grouping by the expression make the same groups as grouping by the one atom in it. */
function keepsGroups(node: Node, columns: ColumnLookup): boolean {
  if (atomOf(node, columns) !== undefined) return true
  if (!('TypeCast' in node) || node.TypeCast.arg === undefined) return false
  const type = lastName(node.TypeCast.typeName?.names)
  return /^(text|varchar|timestamp|timestamptz|date)$/.test(type) && keepsGroups(node.TypeCast.arg, columns)
}

/** A node without its places, to compare it with another. */
function strip(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(strip)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node).flatMap(([key, value]) => (key === 'location' ? [] : [[key, strip(value)]])),
  )
}
