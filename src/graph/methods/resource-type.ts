import { fail } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import { EVERYTHING, type SelectorMethod } from './method.js'

/** Types that exist without being in the graph: asking for them is no mistake and finds nothing. */
const OTHER_TYPES: readonly string[] = ['macro', 'doc', 'group', 'rpc', 'fixture']

/** `resource_type:model` */
export const resourceType: SelectorMethod = {
  over: EVERYTHING,
  prepare(value) {
    const type = String(value)
    const types: readonly string[] = [...EVERYTHING, ...OTHER_TYPES]
    if (!types.includes(type)) {
      fail('selector', 'invalid-selection', `Invalid resource_type selector "${type}"`, {
        hint: didYouMean(type, types) ?? `types are ${[...EVERYTHING].join(', ')}`,
      })
    }
    return (node) => node.resource_type === type
  },
}
