import { compileNode } from '../../compile/index.js'
import { nodeAs, type StepHandler, scopeOptions } from './step.js'

/** Only renders: `compile`, `docs generate`. */
export const compileStep: StepHandler = {
  announced: false,
  failedStatus: 'error',
  async compile(step) {
    if (step.node.resource_type === 'seed') return undefined
    const node = nodeAs(step.node, 'model', 'snapshot', 'test', 'analysis', 'operation', 'sql_operation', 'function')
    const options = scopeOptions(step)
    return await compileNode(
      step.run.session,
      node,
      step.run.session.flags.introspect ? options : { ...options, connection: undefined },
    )
  },
  execute: async () => ({ status: 'success', message: null }),
}
