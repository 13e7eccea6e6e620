import { fail } from '../../core/diagnostic.js'
import { EVERYTHING, type SelectorMethod } from './method.js'

/** `result:error`: resources by their status in the run_results.json of the state given by `--state`. */
export const result: SelectorMethod = {
  over: EVERYTHING,
  prepare(value, _args, { runResults }) {
    if (runResults === undefined) {
      return fail('internal', 'no-comparison-state', 'No comparison run_results', {
        hint: 'give the folder of a previous run_results.json with --state',
      })
    }
    const ids = new Set(runResults.results.filter((r) => r.status === value).map((r) => r.unique_id))
    return (node) => ids.has(node.unique_id)
  },
  names: () => ['success', 'error', 'fail', 'warn', 'skipped', 'pass', 'no-op', 'runtime error'],
}
