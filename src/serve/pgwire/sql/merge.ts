import type { SelectStmt } from 'libpg-query'
import { WireError } from '../protocol/wire-error.js'
import { constantOf, lastName } from '../statement/ast.js'
import { type ColumnLookup, hasAggregate, partsOf } from './atoms.js'
import type { MetricSource } from './metric-source.js'

/**
 * Whether a select can be answered by the semantic layer itself. Over a table of metrics always; over a sub-select that
 * is nothing but such a table, when it asks for metrics by groups of its own: then the sub-select's rows do not matter.
 */
export function isMergeable(select: SelectStmt, source: MetricSource, columns: ColumnLookup): boolean {
  const aggregated =
    select.groupClause !== undefined || select.havingClause !== undefined || hasAggregate(select.targetList)
  // The rows of a saved query are fixed: without groups of its own, a select reads them as they are.
  if (source.table.savedQuery !== null && (!aggregated || source.table.savedQuery.limited)) return false
  if (source.direct && source.table.savedQuery === null) return true
  if (!aggregated || asksRows(select)) return false
  try {
    const parts = [...(select.targetList ?? []), ...(select.groupClause ?? []), select.havingClause].map((node) =>
      partsOf(target(node), columns),
    )
    const where = partsOf(select.whereClause, columns)
    if (where.metrics.length > 0 || where.subselects || parts.some((each) => each.subselects)) return false
    return parts.every(
      (each) => each.metrics.every((metric) => metric.aggregated) && each.aggregates.every(isOfDistinct),
    )
  } catch (error) {
    // A function that is not the metric's own: then it is one over the rows of the sub-select.
    if (error instanceof WireError) return false
    throw error
  }
}

function target(node: Parameters<typeof partsOf>[0]) {
  return node !== undefined && 'ResTarget' in node ? node.ResTarget.val : node
}

function isOfDistinct(call: {
  agg_distinct?: boolean
  agg_star?: boolean
  funcname?: Parameters<typeof lastName>[0]
}): boolean {
  const name = lastName(call.funcname).toLowerCase()
  return call.agg_star !== true && (call.agg_distinct === true || name === 'min' || name === 'max')
}

/** A select without any metric or group that only reads: nothing to merge. */
function asksRows(select: SelectStmt): boolean {
  return (select.targetList ?? []).every((node) => constantOf(target(node)) !== undefined)
}
