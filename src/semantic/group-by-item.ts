import { type DatePart, grainRank, type TimeGranularity } from '../sql/granularity.js'

/** A grain of time, or a column of a time spine that stands for one (`fiscal_quarter`, defined on days). */
export interface Granularity {
  readonly name: string
  readonly base: TimeGranularity
  readonly custom: boolean
}

interface ItemBase {
  /** The element's name in its semantic model. */
  readonly element: string
  /** The entities it is reached by, outermost first: `['listing']` for `listing__country`. */
  readonly path: readonly string[]
  /** The name with path, grain and part: unique among the items of a query, and its column's name. */
  readonly name: string
}

export interface DimensionItem extends ItemBase {
  readonly kind: 'dimension'
}

export interface EntityItem extends ItemBase {
  readonly kind: 'entity'
}

/** A time dimension at a grain or as a date part; exactly one of the two is set. */
export interface TimeItem extends ItemBase {
  readonly kind: 'time'
  readonly grain: Granularity | undefined
  readonly part: DatePart | undefined
}

/** A metric used in a filter: computed by `subqueryPath` and joined on its last entity. */
export interface MetricItem extends ItemBase {
  readonly kind: 'metric'
  readonly subqueryPath: readonly string[]
}

/** What results can be grouped or filtered by. Two are the same if their names are. */
export type GroupByItem = DimensionItem | EntityItem | TimeItem | MetricItem

export const METRIC_TIME = 'metric_time'

export function standardGrain(grain: TimeGranularity): Granularity {
  return { name: grain, base: grain, custom: false }
}

export function dimensionItem(element: string, path: readonly string[]): DimensionItem {
  return { kind: 'dimension', element, path, name: [...path, element].join('__') }
}

export function entityItem(element: string, path: readonly string[]): EntityItem {
  return { kind: 'entity', element, path, name: [...path, element].join('__') }
}

export function timeItem(element: string, path: readonly string[], grain: Granularity): TimeItem {
  return { kind: 'time', element, path, grain, part: undefined, name: [...path, element, grain.name].join('__') }
}

export function datePartItem(element: string, path: readonly string[], part: DatePart): TimeItem {
  return { kind: 'time', element, path, grain: undefined, part, name: [...path, element, `extract_${part}`].join('__') }
}

export function metricItem(metric: string, subqueryPath: readonly string[]): MetricItem {
  const path = subqueryPath.slice(-1)
  const names = subqueryPath.length === 1 ? path : [...path, ...subqueryPath]
  return { kind: 'metric', element: metric, path, subqueryPath, name: [...names, metric].join('__') }
}

export function metricTimeItem(grain: Granularity): TimeItem {
  return timeItem(METRIC_TIME, [], grain)
}

export function isMetricTime(item: GroupByItem): boolean {
  return item.kind === 'time' && item.element === METRIC_TIME && item.path.length === 0
}

export function hasCustomGrain(item: GroupByItem): item is TimeItem & { readonly grain: Granularity } {
  return item.kind === 'time' && item.grain?.custom === true
}

/** The same time dimension at the grain its custom grain is defined on; itself otherwise. */
export function atBaseGrain(item: TimeItem): TimeItem {
  return item.grain?.custom ? timeItem(item.element, item.path, standardGrain(item.grain.base)) : item
}

/** The same time dimension at another grain. */
export function atGrain(item: TimeItem, grain: Granularity): TimeItem {
  return timeItem(item.element, item.path, grain)
}

/** Each item once, in order of first appearance. */
export function uniqueItems<T extends GroupByItem>(items: Iterable<T>): T[] {
  const byName = new Map<string, T>()
  for (const item of items) if (!byName.has(item.name)) byName.set(item.name, item)
  return [...byName.values()]
}

export function includesItem(items: readonly GroupByItem[], item: GroupByItem): boolean {
  return items.some((other) => other.name === item.name)
}

/** Finest base grain first; standard before custom grains, date parts last. Sorts of equal rank keep their order. */
export function byBaseGrain(a: TimeItem, b: TimeItem): number {
  return sortRank(a) - sortRank(b)
}

function sortRank(item: TimeItem): number {
  if (item.grain === undefined) return 1000
  return (item.grain.custom ? 100 : 0) + grainRank(item.grain.base)
}
