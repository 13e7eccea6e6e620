import { fail } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import type { UniqueId } from '../../manifest/index.js'
import { EVERYTHING, type ModifiedAspect, type SelectorMethod, type StateComparison } from './method.js'

/** In dbt's order, which its message shows. */
const VALUES = [
  'new',
  'old',
  'modified',
  'unmodified',
  'modified.body',
  'modified.configs',
  'modified.persisted_descriptions',
  'modified.relation',
  'modified.macros',
  'modified.contract',
]

/** `state:modified`, `state:new` ...: resources by what became of them since the manifest given by `--state`. */
export const state: SelectorMethod = {
  over: EVERYTHING,
  prepare(value, _args, context) {
    if (context.state === undefined) {
      return fail('selector', 'no-comparison-state', 'Got a state selector method, but no comparison manifest', {
        hint: 'give the folder of a previous manifest.json with --state',
      })
    }
    const comparison: StateComparison = context.state
    const existed = (id: UniqueId): boolean => comparison.existed(id)
    switch (value) {
      case 'new':
        return (node) => !existed(node.unique_id)
      case 'old':
        return (node) => existed(node.unique_id)
      case 'unmodified':
        comparison.checkRemoved()
        return (node) => !comparison.isModified(node, 'modified')
      default: {
        if (!isAspect(value)) {
          const name = String(value)
          return fail(
            'selector',
            'invalid-selection',
            `Got an invalid selector "${name}", expected one of "[${VALUES.map((v) => `'${v}'`).join(', ')}]"`,
            { hint: didYouMean(name, VALUES) },
          )
        }
        if (value === 'modified' || value === 'modified.contract') comparison.checkRemoved()
        return (node) => comparison.isModified(node, value)
      }
    }
  },
}

function isAspect(value: unknown): value is ModifiedAspect {
  return typeof value === 'string' && value.startsWith('modified') && VALUES.includes(value)
}
