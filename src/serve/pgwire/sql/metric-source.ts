import type { ColumnRef, Node, RangeSubselect, SelectStmt } from 'libpg-query'
import { didYouMean } from '../../../core/did-you-mean.js'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { findTable, listedColumns, type MetricTable, type MetricTableColumn } from '../relations/served.js'
import { columnName, namesOf } from '../statement/ast.js'
import { type ColumnLookup, hasAggregate, isStar } from './atoms.js'
import type { TranslationContext } from './translation.js'

/** A table of metrics in FROM, with its columns under the names that this select knows. */
export interface MetricSource {
  readonly table: MetricTable
  readonly alias: string
  readonly columns: ReadonlyMap<string, MetricTableColumn>
  /** What `*` stands for. */
  readonly listed: readonly string[]
  /** Conditions of sub-selects that were seen through. */
  readonly where: readonly { readonly condition: Node; readonly columns: ColumnLookup }[]
  /** It is the table itself, not a sub-select over it. */
  readonly direct: boolean
}

/** The metric table that a FROM consists of; undefined when it is something else. */
export function metricSource(
  from: readonly Node[] | undefined,
  context: TranslationContext,
  isCte: (name: string) => boolean,
): MetricSource | undefined {
  const [item] = from ?? []
  if (from?.length !== 1 || item === undefined) return undefined
  if ('RangeVar' in item) {
    const { schemaname, relname = '', alias } = item.RangeVar
    if (schemaname === undefined && (isCte(relname) || context.calls.has(relname))) return undefined
    const table = findTable(context.served, schemaname, relname, context.searchPath)
    if (table?.kind !== 'metrics') return undefined
    return {
      table,
      alias: alias?.aliasname ?? relname,
      columns: new Map(table.columns.map((column) => [column.name, column])),
      listed: listedColumns(table).map((column) => column.name),
      where: [],
      direct: true,
    }
  }
  return 'RangeSubselect' in item ? seeThrough(item.RangeSubselect, context, isCte) : undefined
}

/** `(SELECT region, revenue FROM orders WHERE ...) AS t`: nothing but another way to write the table. */
function seeThrough(
  { subquery, alias }: RangeSubselect,
  context: TranslationContext,
  isCte: (name: string) => boolean,
): MetricSource | undefined {
  if (subquery === undefined || !('SelectStmt' in subquery) || alias?.colnames !== undefined) return undefined
  const select = subquery.SelectStmt
  if (!isBare(select)) return undefined
  const inner = metricSource(select.fromClause, context, isCte)
  if (inner === undefined || inner.table.savedQuery?.limited === true) return undefined
  const lookup = lookupOf(inner)
  const columns = new Map<string, MetricTableColumn>()
  for (const target of select.targetList ?? []) {
    if (!('ResTarget' in target) || target.ResTarget.val === undefined || !('ColumnRef' in target.ResTarget.val))
      return undefined
    const reference = target.ResTarget.val.ColumnRef
    if (isStar(reference)) for (const name of inner.listed) columns.set(name, inner.columns.get(name)!)
    else columns.set(target.ResTarget.name ?? columnName(target.ResTarget.val), lookup.find(reference))
  }
  const own = select.whereClause === undefined ? [] : [{ condition: select.whereClause, columns: lookup }]
  return {
    table: inner.table,
    alias: alias?.aliasname ?? '',
    columns,
    listed: [...columns.keys()],
    where: [...inner.where, ...own],
    direct: false,
  }
}

function isBare(select: SelectStmt): boolean {
  const {
    groupClause,
    havingClause,
    windowClause,
    valuesLists,
    limitCount,
    limitOffset,
    distinctClause,
    withClause,
    op,
  } = select
  const extras = [
    groupClause,
    havingClause,
    windowClause,
    valuesLists,
    limitCount,
    limitOffset,
    distinctClause,
    withClause,
  ]
  return (
    extras.every((each) => each === undefined) &&
    (op === undefined || op === 'SETOP_NONE') &&
    !hasAggregate(select.targetList)
  )
}

/** Finds columns of the source by references like `revenue`, `o.revenue`, `metrics.orders.revenue`. */
export function lookupOf(source: MetricSource): ColumnLookup {
  return {
    find(reference: ColumnRef) {
      const path = namesOf(reference.fields)
      const name = path.at(-1) ?? ''
      const { location } = reference
      const qualifier = path.at(-2)
      if (qualifier !== undefined && qualifier.toLowerCase() !== source.alias.toLowerCase()) {
        refuse(SQLSTATE.undefinedTable, `missing FROM-clause entry for table "${qualifier}"`, { location })
      }
      const column =
        source.columns.get(name) ?? [...source.columns].find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1]
      if (column !== undefined) return column
      // `region` means `customer__region` where there is no other region.
      const longer = longerNames(name, source)
      if (longer.length === 1) return source.columns.get(longer[0]!)!
      return refuse(SQLSTATE.undefinedColumn, `column "${path.join('.')}" does not exist`, {
        location,
        hint: nearest(name, source),
      })
    },
  }
}

function nearest(name: string, source: MetricSource): string {
  const longer = longerNames(name, source)
  if (longer.length > 0) return `did you mean ${longer.map((each) => `"${each}"`).join(' or ')}?`
  return (
    didYouMean(name, [...source.columns.keys()]) ?? `columns of "${source.table.name}": ${source.listed.join(', ')}`
  )
}

function longerNames(name: string, source: MetricSource): string[] {
  return source.listed.filter((each) => each.endsWith(`__${name.toLowerCase()}`))
}
