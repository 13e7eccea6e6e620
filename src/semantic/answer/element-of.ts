import type { Dimension, Entity } from '../../manifest/semantic-manifest.js'
import type { SemanticCatalog } from '../catalog.js'
import type { ElementPlace } from '../graph/elements.js'
import { samePath } from '../graph/elements.js'
import type { ModelNode } from '../graph/model-node.js'
import type { GroupByItem } from '../group-by-item.js'

/** Where an item comes from, seen from one of `models`. */
export function placeOf(
  item: GroupByItem,
  models: Iterable<ModelNode>,
  catalog: SemanticCatalog,
): { readonly model: ModelNode; readonly place: ElementPlace } | undefined {
  for (const model of models) {
    // Most items are the model's own: looking there first spares following its joins.
    const own = (catalog.elements.local(model).get(item.element) ?? []).find(
      (place) => place.kind === item.kind && samePath(place.path, item.path),
    )
    if (own !== undefined) return { model, place: own }
  }
  for (const model of models) {
    const place = catalog.elements.locate(model, item)
    if (place !== undefined) return { model, place }
  }
  return undefined
}

/** The definition of an item: of the dimension or the entity. */
export function elementOf(
  item: GroupByItem,
  models: Iterable<ModelNode>,
  catalog: SemanticCatalog,
): Dimension | Entity | undefined {
  const found = placeOf(item, models, catalog)
  if (found === undefined) return undefined
  const { owner } = found.place
  return item.kind === 'entity' ? owner.entities.get(item.element) : owner.dimensions.get(item.element)
}
