import { DiagnosticBag, PlumbError } from '../../core/diagnostic.js'
import type { SemanticCatalog } from '../catalog.js'
import type { MetricDefinition, MetricInputDefinition } from '../metrics/definition.js'
import type { BoundFilter } from './bound-filter.js'
import { FilterBinder } from './filter-binder.js'
import type { GroupByResolver } from './group-by-resolver.js'

/** The filters in the definitions of metrics: the same for every query, so bound once. */
export class DefinitionFilters {
  readonly #catalog: SemanticCatalog
  readonly #binder: FilterBinder
  readonly #ofMetric = new Map<string, readonly BoundFilter[]>()
  readonly #ofInput = new WeakMap<MetricInputDefinition, readonly BoundFilter[]>()

  constructor(catalog: SemanticCatalog, resolver: GroupByResolver) {
    this.#catalog = catalog
    this.#binder = new FilterBinder(catalog, resolver)
  }

  /** The filters of the metric itself. @throws PlumbError if one cannot be used. */
  ofMetric(definition: MetricDefinition): readonly BoundFilter[] {
    let filters = this.#ofMetric.get(definition.name)
    if (filters === undefined) {
      filters = this.#bind(definition.filters, definition.name, definition.name, `of metric '${definition.name}'`)
      this.#ofMetric.set(definition.name, filters)
    }
    return filters
  }

  /** The filters put on an input where `user` names it. Times without a grain get the grain of the user. */
  ofInput(input: MetricInputDefinition, user: MetricDefinition): readonly BoundFilter[] {
    let filters = this.#ofInput.get(input)
    if (filters === undefined) {
      filters = this.#bind(input.filters, input.name, user.name, `on input '${input.name}' of metric '${user.name}'`)
      this.#ofInput.set(input, filters)
    }
    return filters
  }

  #bind(templates: readonly string[], metric: string, grainOf: string, where: string): readonly BoundFilter[] {
    if (templates.length === 0) return []
    const bag = new DiagnosticBag()
    const grain = this.#catalog.defaultGrain(grainOf)
    const filters = templates.flatMap((template) => {
      return this.#binder.bind({ template, trusted: true, metrics: [metric], defaultGrain: grain, where }, bag) ?? []
    })
    if (bag.errors.length > 0) throw new PlumbError(bag.errors)
    return filters
  }
}
