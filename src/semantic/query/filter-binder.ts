import type { DiagnosticBag } from '../../core/diagnostic.js'
import { diagnostic } from '../../core/diagnostic.js'
import type { TimeGranularity } from '../../sql/granularity.js'
import type { SemanticCatalog } from '../catalog.js'
import type { GroupByItem } from '../group-by-item.js'
import { type BoundFilter, bindFilter, isBound } from './bound-filter.js'
import type { GroupByResolver } from './group-by-resolver.js'
import { filterSyntax } from './issues/filter-syntax.js'
import { patternOfCall } from './item-pattern.js'
import { noteUnresolved } from './note-unresolved.js'
import type { ObjectCall } from './object-call.js'
import { nearest } from './suggestions.js'

export interface FilterRequest {
  readonly template: string
  readonly trusted: boolean
  /** The metrics the filter is for: its items must be available to all. */
  readonly metrics: readonly string[]
  readonly defaultGrain: TimeGranularity
  /** Where the filter stands, for messages: `of metric 'x'`. */
  readonly where: string
}

/** Resolves the objects in filters. */
export class FilterBinder {
  readonly #catalog: SemanticCatalog
  readonly #resolver: GroupByResolver

  constructor(catalog: SemanticCatalog, resolver: GroupByResolver) {
    this.#catalog = catalog
    this.#resolver = resolver
  }

  /** The bound filter; undefined when it has faults, which are then in the bag. */
  bind(request: FilterRequest, bag: DiagnosticBag): BoundFilter | undefined {
    const bound = bindFilter(request.template, request.trusted, (call) => this.#resolve(call, request, bag))
    if (isBound(bound)) return bound
    if ('fault' in bound) bag.add(filterSyntax(request.template, bound.fault, request.where))
    return undefined
  }

  #resolve(call: ObjectCall, request: FilterRequest, bag: DiagnosticBag): GroupByItem | undefined {
    if (call.object === 'Metric') return this.#resolveMetric(call, request, bag)
    if (call.descending !== undefined) {
      bag.add(filterSyntax(request.template, 'descending() only belongs in an order by', request.where))
      return undefined
    }
    const pattern = patternOfCall(call, this.#catalog.spines.customGrains)
    if ('fault' in pattern) {
      bag.add(filterSyntax(request.template, pattern.fault, request.where))
      return undefined
    }
    const resolution = this.#resolver.resolve(pattern, request.metrics, request.defaultGrain)
    if ('item' in resolution) return resolution.item
    noteUnresolved(pattern, resolution, request.metrics, this.#resolver, bag)
    return undefined
  }

  #resolveMetric(call: ObjectCall, request: FilterRequest, bag: DiagnosticBag): GroupByItem | undefined {
    const [subquery] = call.groupBy
    if (subquery === undefined || call.groupBy.length > 1) {
      bag.add(filterSyntax(request.template, `${call.text} needs exactly one entity in group_by`, request.where))
      return undefined
    }
    const item = this.#resolver.resolveMetricItem(call.name, subquery, request.metrics)
    if (item !== undefined) return item
    const known = this.#catalog.hasMetric(call.name)
    bag.add(
      diagnostic(
        'semantic',
        'filter-metric-not-possible',
        known
          ? `${call.text} cannot be used ${request.where}: the metric cannot be computed by '${subquery}' alone, or what is queried has no such entity.`
          : `There is no metric '${call.name}', used in a filter ${request.where}.`,
        { hint: known ? undefined : nearest(call.name, this.#catalog.metricNames) },
      ),
    )
    return undefined
  }
}
