import {
  coarsestGrainFor,
  type DatePart,
  datePartsOf,
  grainRank,
  grainsFrom,
  type TimeGranularity,
} from '../../sql/granularity.js'
import {
  datePartItem,
  dimensionItem,
  entityItem,
  type Granularity,
  type GroupByItem,
  standardGrain,
  timeItem,
} from '../group-by-item.js'
import type { ModelJoin, ModelNode } from './model-node.js'

/** Joins from one model to where an element is; MetricFlow's limit. */
const MAX_JOINS = 2

/** Where an element can be found, seen from one model. */
export interface ElementPlace {
  readonly kind: 'dimension' | 'entity' | 'time'
  readonly element: string
  readonly path: readonly string[]
  /** Empty for the model's own elements. */
  readonly joins: readonly ModelJoin[]
  readonly owner: ModelNode
  /** Declared grain of a time dimension. */
  readonly grain: TimeGranularity | undefined
}

/** All places of elements seen from a model, by element name; computed once per model. */
export class ElementMap {
  readonly #reach = new WeakMap<ModelNode, ReadonlyMap<string, readonly ElementPlace[]>>()
  readonly #local = new WeakMap<ModelNode, ReadonlyMap<string, readonly ElementPlace[]>>()
  readonly #customGrains: readonly Granularity[]

  constructor(customGrains: readonly Granularity[]) {
    this.#customGrains = customGrains
  }

  /** Elements of the model itself and of the models it can be joined to. */
  reachable(model: ModelNode): ReadonlyMap<string, readonly ElementPlace[]> {
    let places = this.#reach.get(model)
    if (places === undefined) {
      places = byElement([...localPlaces(model), ...joinedPlaces(model, model, [], [])])
      this.#reach.set(model, places)
    }
    return places
  }

  /** Elements of the model itself. */
  local(model: ModelNode): ReadonlyMap<string, readonly ElementPlace[]> {
    let places = this.#local.get(model)
    if (places === undefined) {
      places = byElement(localPlaces(model))
      this.#local.set(model, places)
    }
    return places
  }

  /**
   * The items that places of one element name stand for. A name that two places give is ambiguous and names nothing;
   * time dimensions are compared grain by grain.
   */
  itemsOf(places: readonly ElementPlace[]): GroupByItem[] {
    const items = new Map<string, GroupByItem>()
    const ambiguous = new Set<string>()
    for (const place of places) {
      for (const item of this.#itemsAt(place)) {
        if (items.has(item.name)) ambiguous.add(item.name)
        items.set(item.name, item)
      }
    }
    for (const name of ambiguous) items.delete(name)
    return [...items.values()]
  }

  /** The one place an item comes from, seen from `model`. */
  locate(model: ModelNode, item: GroupByItem): ElementPlace | undefined {
    const places = this.reachable(model).get(item.element) ?? []
    const fitting = places.filter(
      (place) => place.kind === item.kind && samePath(place.path, item.path) && this.#gives(place, item),
    )
    return fitting.length === 1 ? fitting[0] : fitting.find((place) => place.joins.length === 0)
  }

  #gives(place: ElementPlace, item: GroupByItem): boolean {
    if (item.kind !== 'time' || place.grain === undefined) return true
    const grain = item.grain?.base ?? coarsestGrainFor(item.part as DatePart)
    return grainRank(grain) >= grainRank(place.grain)
  }

  #itemsAt(place: ElementPlace): GroupByItem[] {
    if (place.kind === 'dimension') return [dimensionItem(place.element, place.path)]
    if (place.kind === 'entity') return [entityItem(place.element, place.path)]
    return this.timeItems(place.element, place.path, place.grain ?? 'day')
  }

  /** A time dimension at every grain and part that values of `grain` allow. */
  timeItems(element: string, path: readonly string[], grain: TimeGranularity): GroupByItem[] {
    const custom = this.#customGrains.filter((candidate) => grainRank(candidate.base) >= grainRank(grain))
    return [
      ...grainsFrom(grain).map((name) => timeItem(element, path, standardGrain(name))),
      ...custom.map((granularity) => timeItem(element, path, granularity)),
      ...datePartsOf(grain).map((part) => datePartItem(element, path, part)),
    ]
  }
}

export function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entity, index) => entity === b[index])
}

function byElement(places: readonly ElementPlace[]): ReadonlyMap<string, readonly ElementPlace[]> {
  const map = new Map<string, ElementPlace[]>()
  for (const place of places) {
    const known = map.get(place.element)
    if (known === undefined) map.set(place.element, [place])
    else known.push(place)
  }
  return map
}

/** A model's own elements: entities by their bare name, everything by each of its keys. */
function localPlaces(model: ModelNode): ElementPlace[] {
  const bare = [...model.entities.keys()].map((element): ElementPlace => {
    return { kind: 'entity', element, path: [], joins: [], owner: model, grain: undefined }
  })
  return [...bare, ...model.prefixes.flatMap((prefix) => elementsBehind(model, [prefix], []))]
}

function joinedPlaces(
  origin: ModelNode,
  from: ModelNode,
  path: readonly string[],
  joins: readonly ModelJoin[],
): ElementPlace[] {
  if (joins.length === MAX_JOINS) return []
  const visited = [origin, ...joins.map((join) => join.right)]
  return from.joins().flatMap((join) => {
    if (visited.includes(join.right) || path.includes(join.entity)) return []
    const nextPath = [...path, join.entity]
    const nextJoins = [...joins, join]
    return [
      ...elementsBehind(join.right, nextPath, nextJoins),
      ...joinedPlaces(origin, join.right, nextPath, nextJoins),
    ]
  })
}

/** The elements of `owner`, named by `path`; none that would repeat a word of the path. */
function elementsBehind(owner: ModelNode, path: readonly string[], joins: readonly ModelJoin[]): ElementPlace[] {
  const places: ElementPlace[] = []
  for (const dimension of owner.dimensions.values()) {
    if (path.includes(dimension.name)) continue
    places.push({
      kind: dimension.type === 'time' ? 'time' : 'dimension',
      element: dimension.name,
      path,
      joins,
      owner,
      grain: owner.timeGrains.get(dimension.name),
    })
  }
  for (const element of owner.entities.keys()) {
    if (!path.includes(element)) places.push({ kind: 'entity', element, path, joins, owner, grain: undefined })
  }
  return places
}
