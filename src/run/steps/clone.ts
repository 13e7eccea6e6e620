import { createRunScope } from '../../context/index.js'
import { materialize, relationsOf, responseOf } from './materialize.js'
import { nodeAs, type StepHandler, scopeOptions } from './step.js'

/** Makes a relation that stands for the one another state has: a view on it, or a zero-copy clone. */
export const cloneStep: StepHandler = {
  announced: false,
  failedStatus: 'error',
  async execute(step) {
    const { session } = step.run
    const node = nodeAs(step.node, 'model', 'snapshot', 'seed')
    const scope = createRunScope(session, node, scopeOptions(step))
    const { main, value } = await materialize(step, scope, 'clone', 'sql')
    for (const relation of relationsOf(value, 'clone')) session.relationCache.add(relation.with({ dbtCreated: true }))
    return main === null ? { status: 'success', message: 'No-op' } : { status: 'success', ...responseOf(main) }
  },
}
