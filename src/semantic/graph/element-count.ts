import { datePartsOf, grainsFrom } from '../../sql/granularity.js'
import type { ModelNode } from './model-node.js'

/** How many ways a model offers to group by its own elements: the fewer, the less there is to read. */
export function elementCount(model: ModelNode): number {
  const names = 1 + model.prefixes.length
  const times = [...model.timeGrains.values()].reduce(
    (sum, grain) => sum + grainsFrom(grain).length + datePartsOf(grain).length,
    0,
  )
  const dimensions = model.dimensions.size - model.timeGrains.size
  return (
    names * (dimensions + times + model.entities.size) -
    model.prefixes.filter((prefix) => model.entities.has(prefix)).length
  )
}
