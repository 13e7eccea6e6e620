import { DiagnosticBag, fail } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import { coarserGrain, type TimeGranularity } from '../../sql/granularity.js'
import { groupingInputs, type SemanticCatalog } from '../catalog.js'
import { byBaseGrain, isMetricTime, METRIC_TIME } from '../group-by-item.js'
import { whyNeedsTime } from '../metrics/needs-time.js'
import { readModifierText } from '../modifiers/modifier-text.js'
import { FilterBinder } from './filter-binder.js'
import type { GroupByResolver } from './group-by-resolver.js'
import { filterSyntax } from './issues/filter-syntax.js'
import { metricNotFound } from './issues/metric-not-found.js'
import { duplicateColumns, duplicateMetrics } from './issues/output-names.js'
import { emptyQuery, groupByRequired, minMaxNotPossible, negativeLimit } from './issues/query-shape.js'
import { timeRangeNeedsTime, timeRequired } from './issues/time-required.js'
import type { ItemPattern } from './item-pattern.js'
import type { MetricQuery, MetricRequest } from './metric-query.js'
import { modifyMetrics, type RequestedMetric } from './modified-metrics.js'
import { noteUnresolved } from './note-unresolved.js'
import { readObjectCall } from './object-call.js'
import type { QueriedItem, QueriedMetric, QuerySpec } from './query-spec.js'
import { patternOfRequest } from './requested-pattern.js'
import { resolveOrderBy } from './resolve-order-by.js'
import { readTime, type TimeRange, widenToGrain } from './time-range.js'

/** Resolves a query as asked. @throws PlumbError with all faults of one stage at once. */
export function resolveQuery(asked: MetricQuery, catalog: SemanticCatalog, resolver: GroupByResolver): QuerySpec {
  const { query, savedFilters } = withSavedQuery(asked, catalog)
  const bag = new DiagnosticBag()
  const requested = resolveMetrics(query, catalog, bag)
  checkShape(query, bag)
  bag.throwIfErrors()

  const names = requested.map((metric) => metric.definition.name)
  const grain = names.map((name) => catalog.defaultGrain(name)).reduce<TimeGranularity>(coarserGrain, 'nanosecond')
  const defaultGrain = names.length === 0 ? 'day' : grain
  const groupBy = resolveGroupBy(query, names, defaultGrain, catalog, resolver, bag)
  const binder = new FilterBinder(catalog, resolver)
  const filters = [
    ...savedFilters.map((template) => ({ template, trusted: true })),
    ...(query.where ?? []).map((template) => ({ template, trusted: query.trusted ?? false })),
  ].flatMap((filter) => {
    return binder.bind({ ...filter, metrics: names, defaultGrain, where: 'of the query' }, bag) ?? []
  })
  bag.throwIfErrors()

  const { metrics, definitions } = modifyMetrics(requested, groupBy, catalog, bag)
  bag.throwIfErrors()
  checkTime(metrics, groupBy, catalog.withMetrics(definitions), bag)
  const ranged = query.timeRange?.start !== undefined || query.timeRange?.end !== undefined
  if (ranged && metrics.length === 0 && !groupBy.some(({ item }) => isMetricTime(item))) bag.add(timeRangeNeedsTime())
  checkOutput(metrics, groupBy, bag)
  const orderBy = resolveOrderBy(query.orderBy ?? [], metrics, groupBy, catalog, bag)
  bag.throwIfErrors()
  return {
    metrics,
    definitions,
    groupBy,
    filters,
    orderBy,
    limit: query.limit,
    timeRange: resolveTimeRange(query, groupBy, names, defaultGrain, resolver),
    minMaxOnly: query.minMaxOnly ?? false,
    distinct: query.applyGroupBy ?? true,
    valuesOnly: query.valuesOnly ?? false,
  }
}

interface CompletedQuery {
  readonly query: MetricQuery
  /** Filters of the saved query: the project's, not the caller's. */
  readonly savedFilters: readonly string[]
}

function withSavedQuery(query: MetricQuery, catalog: SemanticCatalog): CompletedQuery {
  if (query.savedQuery === undefined) return { query, savedFilters: [] }
  const saved = catalog.manifest.saved_queries.find((candidate) => candidate.name === query.savedQuery)
  if (saved === undefined) {
    const names = catalog.manifest.saved_queries.map((candidate) => candidate.name)
    fail('semantic', 'saved-query-not-found', `There is no saved query '${query.savedQuery}'.`, {
      hint: didYouMean(query.savedQuery, names),
    })
  }
  if ((query.metrics ?? []).length > 0 || (query.groupBy ?? []).length > 0) {
    fail(
      'semantic',
      'saved-query-fixed',
      `The saved query '${saved.name}' says itself which metrics and groups it has.`,
      {
        hint: 'add filters, an order or a limit to it, or ask without the saved query',
      },
    )
  }
  const params = saved.query_params
  const limit = query.limit ?? params.limit ?? undefined
  return {
    query: {
      ...query,
      metrics: params.metrics,
      groupBy: params.group_by,
      orderBy: (query.orderBy ?? []).length > 0 ? query.orderBy! : (params.order_by ?? []),
      ...(limit === undefined ? {} : { limit }),
    },
    savedFilters: (params.where?.where_filters ?? []).map((filter) => filter.where_sql_template),
  }
}

function resolveMetrics(query: MetricQuery, catalog: SemanticCatalog, bag: DiagnosticBag): RequestedMetric[] {
  return (query.metrics ?? []).flatMap((asked) => {
    try {
      const request = typeof asked === 'string' ? readRequest(asked) : asked
      const name = request.name.toLowerCase()
      if (!catalog.hasMetric(name)) {
        bag.add(metricNotFound(request.name, catalog.metricNames))
        return []
      }
      const definition = catalog.metric(name)
      catalog.leaves(name)
      return [{ definition, alias: request.alias, modifiers: request.modifiers ?? [] }]
    } catch (error) {
      bag.capture(error)
      return []
    }
  })
}

/** `bookings`, or with modifiers `bookings: trailing 7 days: percent change 1 year`. */
function readRequest(text: string): MetricRequest {
  const [name, ...modifiers] = text.split(':')
  return { name: metricNameOf(name!.trim()), modifiers: modifiers.map(readModifierText) }
}

/** `bookings`, or `Metric('bookings')` as saved queries write it. */
function metricNameOf(text: string): string {
  if (!text.includes('(')) return text
  const call = readObjectCall(text)
  return 'fault' in call || call.object !== 'Metric' ? text : call.name
}

function checkShape(query: MetricQuery, bag: DiagnosticBag): void {
  const metrics = query.metrics?.length ?? 0
  const items = query.groupBy?.length ?? 0
  if (metrics === 0 && items === 0) bag.add(emptyQuery())
  const limit = query.limit
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 0)) bag.add(negativeLimit(limit))
  if (query.minMaxOnly) {
    if (metrics > 0 || items !== 1 || (query.orderBy?.length ?? 0) > 0 || limit !== undefined)
      bag.add(minMaxNotPossible())
  }
  if (query.applyGroupBy === false && metrics > 0) bag.add(groupByRequired())
}

function resolveGroupBy(
  query: MetricQuery,
  metrics: readonly string[],
  defaultGrain: TimeGranularity,
  catalog: SemanticCatalog,
  resolver: GroupByResolver,
  bag: DiagnosticBag,
): QueriedItem[] {
  return (query.groupBy ?? []).flatMap((asked) => {
    const pattern = patternOfRequest(asked, catalog)
    if ('fault' in pattern) {
      const text = typeof asked === 'string' ? asked : asked.name
      bag.add(filterSyntax(text, pattern.fault, 'in the group by'))
      return []
    }
    const resolution = resolver.resolve(pattern, metrics, defaultGrain)
    if (!('item' in resolution)) {
      noteUnresolved(pattern, resolution, metrics, resolver, bag)
      return []
    }
    const alias = typeof asked === 'string' ? undefined : asked.alias
    return [{ item: resolution.item, column: alias ?? resolution.item.name }]
  })
}

function checkTime(
  metrics: readonly QueriedMetric[],
  groupBy: readonly QueriedItem[],
  catalog: SemanticCatalog,
  bag: DiagnosticBag,
): void {
  const items = groupBy.map((queried) => queried.item)
  const byMetricTime = items.some(isMetricTime)
  const check = (name: string): void => {
    const definition = catalog.metric(name)
    const why = whyNeedsTime(definition)
    const hasTime = byMetricTime || items.some((item) => catalog.isAggregationTime(name, item))
    if (why !== undefined && !hasTime) bag.add(timeRequired(name, why))
    for (const input of groupingInputs(definition)) check(input.name)
  }
  for (const metric of metrics) check(metric.definition.name)
}

function checkOutput(metrics: readonly QueriedMetric[], groupBy: readonly QueriedItem[], bag: DiagnosticBag): void {
  const twice = repeated(metrics.map((metric) => metric.definition.name))
  if (twice.length > 0) bag.add(duplicateMetrics(twice))
  const columns = repeated([...groupBy, ...metrics].map((output) => output.column))
  if (columns.length > 0) bag.add(duplicateColumns(columns))
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}

function resolveTimeRange(
  query: MetricQuery,
  groupBy: readonly QueriedItem[],
  metrics: readonly string[],
  defaultGrain: TimeGranularity,
  resolver: GroupByResolver,
): TimeRange | undefined {
  const asked = query.timeRange
  if (asked === undefined || (asked.start === undefined && asked.end === undefined)) return undefined
  const range: TimeRange = {
    start: asked.start === undefined ? undefined : readTime(asked.start),
    end: asked.end === undefined ? undefined : readTime(asked.end),
  }
  const times = groupBy.flatMap(({ item }) => (item.kind === 'time' && isMetricTime(item) ? [item] : []))
  const [finest] = times.sort(byBaseGrain)
  return widenToGrain(range, finest?.grain?.base ?? metricTimeGrain(metrics, defaultGrain, resolver))
}

function metricTimeGrain(
  metrics: readonly string[],
  defaultGrain: TimeGranularity,
  resolver: GroupByResolver,
): TimeGranularity {
  const pattern: ItemPattern = {
    kinds: new Set(['time']),
    element: METRIC_TIME,
    path: [],
    grain: undefined,
    part: undefined,
    text: METRIC_TIME,
  }
  const resolution = resolver.resolve(pattern, metrics, defaultGrain)
  const item = 'item' in resolution ? resolution.item : undefined
  return item?.kind === 'time' ? (item.grain?.base ?? defaultGrain) : defaultGrain
}
