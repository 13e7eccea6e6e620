import type { DiagnosticBag } from '../../core/diagnostic.js'
import type { SemanticCatalog } from '../catalog.js'
import { filterSyntax } from './issues/filter-syntax.js'
import { orderByNotInQuery } from './issues/order-by.js'
import { ANY, type ItemPattern, matchItems } from './item-pattern.js'
import type { OrderByRequest } from './metric-query.js'
import { readObjectCall } from './object-call.js'
import type { QueriedItem, QueriedMetric, QuerySpec } from './query-spec.js'
import { patternOfRequest } from './requested-pattern.js'

/** Finds the columns a query is ordered by among its own; each once. */
export function resolveOrderBy(
  asked: readonly (string | OrderByRequest)[],
  metrics: readonly QueriedMetric[],
  groupBy: readonly QueriedItem[],
  catalog: SemanticCatalog,
  bag: DiagnosticBag,
): QuerySpec['orderBy'] {
  const columns = [...groupBy, ...metrics].map((output) => output.column)
  const orderBy = new Map<string, boolean>()
  for (const request of asked) {
    const { target, descending, text } = readRequest(request)
    const byAlias = columns.filter((column) => column === target)
    const matches = byAlias.length > 0 ? byAlias : matchingColumns(target, request, metrics, groupBy, catalog, bag)
    const [column] = matches
    if (column === undefined || matches.length > 1) bag.add(orderByNotInQuery(text, matches, columns))
    else if (!orderBy.has(column)) orderBy.set(column, descending)
  }
  return [...orderBy].map(([column, descending]) => ({ column, descending }))
}

function readRequest(request: string | OrderByRequest): { target: string; descending: boolean; text: string } {
  if (typeof request !== 'string') {
    return { target: request.name, descending: request.descending ?? false, text: request.name }
  }
  const minus = request.startsWith('-')
  const target = minus ? request.slice(1) : request
  const call = target.includes('(') ? readObjectCall(target, true) : undefined
  const descending = call !== undefined && !('fault' in call) ? (call.descending ?? minus) : minus
  return { target, descending, text: request }
}

function matchingColumns(
  target: string,
  request: string | OrderByRequest,
  metrics: readonly QueriedMetric[],
  groupBy: readonly QueriedItem[],
  catalog: SemanticCatalog,
  bag: DiagnosticBag,
): string[] {
  const call = target.includes('(') ? readObjectCall(target, true) : undefined
  if (call !== undefined && 'fault' in call) {
    bag.add(filterSyntax(target, call.fault, 'in the order by'))
    return []
  }
  const metricName = call === undefined ? target.toLowerCase() : call.object === 'Metric' ? call.name : undefined
  const found = metrics.filter((metric) => metric.definition.name === metricName).map((metric) => metric.column)
  if (call?.object === 'Metric') return found
  const pattern = patternOfRequest(typeof request === 'string' ? target : request, catalog)
  if ('fault' in pattern) return found
  const wide = call?.object === 'Entity' ? { ...pattern, kinds: ANY } : pattern
  return [...found, ...matchingItems(wide, groupBy)]
}

function matchingItems(pattern: ItemPattern, groupBy: readonly QueriedItem[]): string[] {
  const matched = new Set(
    matchItems(
      pattern,
      groupBy.map((queried) => queried.item),
    ).map((item) => item.name),
  )
  return groupBy.filter((queried) => matched.has(queried.item.name)).map((queried) => queried.column)
}
