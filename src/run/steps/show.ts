import { compileNode } from '../../compile/index.js'
import { createRunScope, executeStatement, runMacro } from '../../context/index.js'
import { callValue, getAttr, toStr, type Value } from '../../jinja/index.js'
import type { CompiledNode } from '../../manifest/index.js'
import { build } from './model.js'
import { nodeAs, type Step, type StepHandler, scopeOptions } from './step.js'

/** Rows of `show` when the user does not say how many. */
const DEFAULT_LIMIT = 5

/** Runs a node's query and keeps the first rows; a seed is loaded first, as dbt does. */
export const showStep: StepHandler = {
  announced: false,
  failedStatus: 'error',
  async compile(step) {
    if (step.node.resource_type === 'seed') return undefined
    const node = nodeAs(step.node, 'model', 'snapshot', 'test', 'analysis', 'sql_operation')
    return await compileNode(step.run.session, node, scopeOptions(step))
  },
  async execute(step) {
    const { session } = step.run
    const seed = step.node.resource_type === 'seed' ? step.node : null
    const node = seed ?? nodeAs(step.node, 'model', 'snapshot', 'test', 'analysis', 'sql_operation')
    if (seed !== null) await build(step, seed)
    const scope = createRunScope(session, node, scopeOptions(step))
    const code = seed === null ? scope.get('compiled_code') : `select * from ${toStr(session.relations.ofNode(seed))}`
    const header: Value = await callValue(getAttr(scope.get('config'), 'get'), ['sql_header'], {})
    const sql = await runMacro(scope, 'get_show_sql', {
      compiled_code: code,
      sql_header: header ?? null,
      limit: limitOf(step),
    })
    if (seed === null) (node as CompiledNode).compiled_code = toStr(sql)
    const table = await executeStatement(scope, toStr(sql), { fetch: true })
    return { status: 'success', message: null, response: table.response, table }
  },
}

/** `--limit`; a negative one means all rows. */
function limitOf(step: Step): number | null {
  const given = step.run.session.flags.args['limit']
  const limit = typeof given === 'number' ? given : DEFAULT_LIMIT
  return limit < 0 ? null : limit
}
