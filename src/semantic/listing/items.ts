import { PlumbError } from '../../core/diagnostic.js'
import { elementOf, placeOf } from '../answer/element-of.js'
import type { SemanticCatalog } from '../catalog.js'
import type { GroupByItem } from '../group-by-item.js'
import { METRIC_TIME } from '../group-by-item.js'
import type { GroupByResolver } from '../query/group-by-resolver.js'
import { metricNotFound } from '../query/issues/metric-not-found.js'
import { matchesSearch } from './search.js'

export interface ListRequest {
  /** Only what all of these metrics can be grouped by. */
  readonly metrics?: readonly string[]
  readonly search?: string
}

export interface DimensionSummary {
  /** As queries call it: `listing__country`. */
  readonly name: string
  readonly type: 'categorical' | 'time'
  /** Of a time dimension: the grains it can be asked for at, finest first. */
  readonly grains: readonly string[]
  readonly dateParts: readonly string[]
  readonly semanticModel: string | undefined
  readonly label: string | undefined
  readonly description: string | undefined
}

export interface EntitySummary {
  readonly name: string
  readonly type: string | undefined
  readonly semanticModel: string | undefined
  readonly label: string | undefined
  readonly description: string | undefined
}

/** The dimensions there are, or that metrics have in common; by name. */
export function listDimensions(
  catalog: SemanticCatalog,
  resolver: GroupByResolver,
  request: ListRequest,
): readonly DimensionSummary[] {
  const dimensions = new Map<string, GroupByItem[]>()
  for (const item of itemsFor(catalog, resolver, request)) {
    if (item.kind !== 'dimension' && item.kind !== 'time') continue
    const name = [...item.path, item.element].join('__')
    dimensions.set(name, [...(dimensions.get(name) ?? []), item])
  }
  return [...dimensions]
    .map(([name, items]): DimensionSummary => {
      const [first] = items
      const times = items.flatMap((item) => (item.kind === 'time' ? [item] : []))
      return {
        name,
        type: first?.kind === 'time' ? 'time' : 'categorical',
        grains: times.flatMap((item) => item.grain?.name ?? []),
        dateParts: times.flatMap((item) => item.part ?? []),
        ...describe(first!, catalog, request),
      }
    })
    .filter((found) => matchesSearch(request.search, [found.name, found.label, found.description, found.semanticModel]))
    .sort(byName)
}

/** The entities there are, or that metrics have in common; by name. */
export function listEntities(
  catalog: SemanticCatalog,
  resolver: GroupByResolver,
  request: ListRequest,
): readonly EntitySummary[] {
  return itemsFor(catalog, resolver, request)
    .filter((item) => item.kind === 'entity')
    .map((item): EntitySummary => {
      const element = elementOf(item, modelsFor(catalog, request), catalog)
      return { name: item.name, type: element?.type, ...describe(item, catalog, request) }
    })
    .filter((found) => matchesSearch(request.search, [found.name, found.label, found.description, found.semanticModel]))
    .sort(byName)
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1
}

function itemsFor(catalog: SemanticCatalog, resolver: GroupByResolver, { metrics = [] }: ListRequest): GroupByItem[] {
  const unknown = metrics.filter((name) => !catalog.hasMetric(name.toLowerCase()))
  if (unknown.length > 0) throw new PlumbError(unknown.map((name) => metricNotFound(name, catalog.metricNames)))
  return resolver.available(metrics.map((name) => name.toLowerCase()))
}

function modelsFor(catalog: SemanticCatalog, { metrics = [] }: ListRequest) {
  const [first] = metrics
  return first === undefined
    ? [...catalog.models.values()]
    : catalog.leaves(first.toLowerCase()).map((leaf) => leaf.model)
}

function describe(item: GroupByItem, catalog: SemanticCatalog, request: ListRequest) {
  if (item.element === METRIC_TIME) {
    return { semanticModel: undefined, label: undefined, description: 'the time that metrics are aggregated over' }
  }
  const models = modelsFor(catalog, request)
  const element = elementOf(item, models, catalog)
  return {
    semanticModel: placeOf(item, models, catalog)?.place.owner.name,
    label: element?.label ?? undefined,
    description: element?.description ?? undefined,
  }
}
