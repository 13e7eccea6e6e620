import { fail } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import type { NodeTest, SelectorMethod } from './method.js'

const isGeneric: NodeTest = (node) => node.resource_type === 'test' && node.test_metadata !== undefined
const isData: NodeTest = (node) => node.resource_type === 'test'
const isSingular: NodeTest = (node) => node.resource_type === 'test' && node.test_metadata === undefined
const isUnit: NodeTest = (node) => node.resource_type === 'unit_test'

/** `test_type:generic|singular|data|unit`; `schema` is an old word for generic. */
export const testType: SelectorMethod = {
  over: new Set(['test', 'unit_test']),
  prepare(value) {
    const type = String(value)
    if (type === 'generic' || type === 'schema') return isGeneric
    // dbt: accepts any part of these words
    if ('data'.includes(type)) return isData
    if ('singular'.includes(type)) return isSingular
    if ('unit'.includes(type)) return isUnit
    return fail(
      'selector',
      'invalid-selection',
      `Invalid test type selector ${type}: expected "generic", "singular", "unit", or "data"`,
      { hint: didYouMean(type, ['generic', 'singular', 'unit', 'data']) },
    )
  },
}
