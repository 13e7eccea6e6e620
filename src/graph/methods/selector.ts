import { EVERYTHING, type SelectorMethod } from './method.js'

/** `selector:nightly*`: what definitions of selectors.yml select, tests and exclusions included (dbt 1.12). */
export const selector: SelectorMethod = {
  over: EVERYTHING,
  prepare(value, _args, { selectNamed }) {
    const ids = selectNamed(String(value))
    return (node) => ids.has(node.unique_id)
  },
  final: true,
}
