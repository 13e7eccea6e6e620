import { compileNode, noteMacrosOf, storesFailures } from '../../compile/index.js'
import { createRunScope, type StatementResult } from '../../context/index.js'
import { internalError } from '../../core/diagnostic.js'
import { getAttr, iterate, type Value } from '../../jinja/index.js'
import type { TestNode } from '../../manifest/index.js'
import { judgeTest, readBoolean, type TestCounts } from '../test-status.js'
import { materialize, responseOf } from './materialize.js'
import { nodeAs, type StepHandler, scopeOptions } from './step.js'

/** Runs a data test: counts the rows its query finds and judges them. */
export const dataTestStep: StepHandler = {
  announced: true,
  failedStatus: 'error',
  async compile(step) {
    const compiled = await compileNode(step.run.session, nodeAs(step.node, 'test'), scopeOptions(step))
    // What a generic test sends was written by its macro.
    return nodeAs(step.node, 'test').test_metadata === undefined ? compiled : undefined
  },
  async execute(step) {
    const { session } = step.run
    const node: TestNode = nodeAs(step.node, 'test')
    const scope = createRunScope(session, node, { ...scopeOptions(step), callNote: noteMacrosOf(node, 1) })
    const { main } = await materialize(step, scope, node.config.materialized, node.language)
    if (main === null) throw internalError(`dbt internally failed to execute ${node.unique_id}: no result`)
    const verdict = judgeTest(node, readCounts(node, main), session.flags)
    const kept =
      verdict.status !== 'pass' && storesFailures(node, session.flags) ? (node.relation_name ?? undefined) : undefined
    return { ...verdict, response: responseOf(main).response, failuresRelation: kept }
  },
}

/** The one row of `failures`, `should_warn`, `should_error`; names count without case. */
function readCounts(node: TestNode, main: StatementResult): TestCounts {
  const names = [...iterate(getAttr(main.table, 'column_names'))].map((name) => String(name).toLowerCase())
  const rows = [...iterate(getAttr(main.table, 'rows'))].map((row) => [...iterate(row)])
  if (rows.length !== 1) {
    throw internalError(
      `dbt internally failed to execute ${node.unique_id}: Returned ${rows.length} rows, but expected 1 row`,
    )
  }
  if (names.length !== 3) {
    throw internalError(
      `dbt internally failed to execute ${node.unique_id}: Returned ${names.length} columns, but expected 3 columns`,
    )
  }
  const value = (name: string): Value => rows[0]![names.indexOf(name)]
  return {
    failures: Number(String(value('failures') ?? 0)),
    shouldWarn: readBoolean(value('should_warn'), 'should_warn'),
    shouldError: readBoolean(value('should_error'), 'should_error'),
  }
}
