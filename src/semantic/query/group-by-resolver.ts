import type { TimeGranularity } from '../../sql/granularity.js'
import type { SemanticCatalog } from '../catalog.js'
import {
  byBaseGrain,
  type GroupByItem,
  isMetricTime,
  METRIC_TIME,
  metricItem,
  type TimeItem,
} from '../group-by-item.js'
import type { SimpleMetric } from '../metrics/definition.js'
import { type ItemPattern, matchItems, readDunderName } from './item-pattern.js'

/** What a name came to: one item, or the reason it did not. */
export type ItemResolution =
  | { readonly item: GroupByItem }
  | { readonly missing: readonly SimpleMetric[] }
  | { readonly excluded: 'date-part' }
  | { readonly noCommon: true }
  | { readonly ambiguous: readonly GroupByItem[] }

/** Finds what names mean for given metrics. */
export class GroupByResolver {
  readonly #catalog: SemanticCatalog

  constructor(catalog: SemanticCatalog) {
    this.#catalog = catalog
  }

  /**
   * The one item that `pattern` names for all of `metrics` (for none: in any semantic model). Where only a time
   * dimension is named, `metric_time` gets `defaultGrain` and any other its finest common grain.
   */
  resolve(pattern: ItemPattern, metrics: readonly string[], defaultGrain: TimeGranularity): ItemResolution {
    const candidates = metrics.length === 0 ? this.#withoutMetrics(pattern) : this.#commonTo(pattern, metrics)
    if (!Array.isArray(candidates)) return candidates
    const chosen = preferGrain(candidates, defaultGrain)
    return chosen.length === 1 ? { item: chosen[0]! } : { ambiguous: chosen }
  }

  #commonTo(
    pattern: ItemPattern,
    metrics: readonly string[],
  ): GroupByItem[] | Exclude<ItemResolution, { item: GroupByItem }> {
    const leaves = [...new Set(metrics.flatMap((metric) => this.#catalog.leaves(metric)))]
    const perLeaf = leaves.map((leaf) => ({
      leaf,
      items: matchItems(pattern, this.#itemsOfMetric(leaf, pattern.element)),
    }))
    const missing = perLeaf.filter(({ items }) => items.length === 0).map(({ leaf }) => leaf)
    if (missing.length > 0) return { missing }
    let common = perLeaf[0]?.items ?? []
    for (const { items } of perLeaf.slice(1)) {
      const names = new Set(items.map((item) => item.name))
      common = common.filter((item) => names.has(item.name))
    }
    if (common.length === 0) return { noCommon: true }
    if (!metrics.every((metric) => this.#catalog.allowsDateParts(metric))) {
      common = common.filter((item) => item.kind !== 'time' || item.part === undefined)
      if (common.length === 0) return { excluded: 'date-part' }
    }
    return common
  }

  /** Items of one element name that a simple metric can be grouped by. */
  #itemsOfMetric(leaf: SimpleMetric, element: string): GroupByItem[] {
    const { elements } = this.#catalog
    if (element === METRIC_TIME) return elements.timeItems(METRIC_TIME, [], leaf.aggTimeGrain)
    return elements.itemsOf(elements.reachable(leaf.model).get(element) ?? [])
  }

  #withoutMetrics(pattern: ItemPattern): GroupByItem[] | { readonly missing: readonly SimpleMetric[] } {
    const { elements, models, spines } = this.#catalog
    const found = new Map<string, GroupByItem>()
    const add = (items: readonly GroupByItem[]): void => {
      for (const item of items) found.set(item.name, item)
    }
    if (pattern.element === METRIC_TIME) {
      const finest = spines.finestGrain
      if (finest !== undefined) add(elements.timeItems(METRIC_TIME, [], finest))
    } else {
      for (const model of models.values()) add(elements.itemsOf(elements.local(model).get(pattern.element) ?? []))
    }
    const items = matchItems(pattern, [...found.values()])
    return items.length === 0 ? { missing: [] } : items
  }

  /** Everything the metrics can be grouped by (for none: every model's own elements), for lists and suggestions. */
  available(metrics: readonly string[]): GroupByItem[] {
    const { elements, models, spines } = this.#catalog
    if (metrics.length === 0) {
      const own = [...models.values()].flatMap((model) =>
        [...elements.local(model).values()].flatMap((places) => elements.itemsOf(places)),
      )
      const finest = spines.finestGrain
      return unique([...(finest === undefined ? [] : elements.timeItems(METRIC_TIME, [], finest)), ...own])
    }
    const leaves = [...new Set(metrics.flatMap((metric) => this.#catalog.leaves(metric)))]
    const sets = leaves.map((leaf) => [
      ...elements.timeItems(METRIC_TIME, [], leaf.aggTimeGrain),
      ...[...elements.reachable(leaf.model).values()].flatMap((places) => elements.itemsOf(places)),
    ])
    const names = sets.slice(1).map((items) => new Set(items.map((item) => item.name)))
    const common = (sets[0] ?? []).filter((item) => names.every((set) => set.has(item.name)))
    const parts = metrics.every((metric) => this.#catalog.allowsDateParts(metric))
    return unique(parts ? common : common.filter((item) => item.kind !== 'time' || item.part === undefined))
  }

  /**
   * A metric in a filter, computed for each value of the last entity of `subquery`. Every model the query reads must
   * have that entity, and the metric must be computable by it, without time.
   */
  resolveMetricItem(metric: string, subquery: string, queried: readonly string[]): GroupByItem | undefined {
    const { path, element } = readDunderName(subquery, () => false)
    if (!this.#catalog.hasMetric(metric)) return undefined
    const models =
      queried.length > 0
        ? queried.flatMap((name) => this.#catalog.leaves(name).map((leaf) => leaf.model))
        : [...this.#catalog.models.values()]
    const hasEntity = (model: (typeof models)[number]): boolean => model.entities.has(element)
    if (queried.length > 0 ? !models.every(hasEntity) : !models.some(hasEntity)) return undefined
    if (!this.#catalog.isTimeless(metric)) return undefined
    const item = metricItem(metric, [...path, element])
    const inner: ItemPattern = {
      kinds: new Set(['entity']),
      element,
      path,
      grain: undefined,
      part: undefined,
      text: subquery,
    }
    return this.#catalog
      .leaves(metric)
      .every((leaf) =>
        matchItems(inner, this.#itemsOfMetric(leaf, element)).some((found) => found.path.length === path.length),
      )
      ? item
      : undefined
  }
}

/** Of several grains of one time dimension: for metric_time the default if it is there, else the finest. */
function preferGrain(candidates: readonly GroupByItem[], defaultGrain: TimeGranularity): GroupByItem[] {
  const others = candidates.filter((item) => item.kind !== 'time' || item.grain === undefined)
  const times = candidates.filter((item): item is TimeItem => item.kind === 'time' && item.grain !== undefined)
  const byDimension = new Map<string, TimeItem[]>()
  for (const item of times) {
    const key = [...item.path, item.element].join('__')
    byDimension.set(key, [...(byDimension.get(key) ?? []), item])
  }
  const chosen = [...byDimension.values()].map((grains) => {
    const preferred = grains.find((item) => isMetricTime(item) && item.grain?.name === defaultGrain)
    return preferred ?? [...grains].sort(byBaseGrain)[0]!
  })
  return [...others, ...chosen]
}

function unique(items: readonly GroupByItem[]): GroupByItem[] {
  return [...new Map(items.map((item) => [item.name, item])).values()]
}
