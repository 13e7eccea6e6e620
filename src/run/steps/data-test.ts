import type { AdapterResponse, QueryResult } from '../../adapters/adapter.js'
import { compileNode, noteMacrosOf, storesFailures } from '../../compile/index.js'
import { agateTableOf, createRunScope, type NodeScope } from '../../context/index.js'
import { fail, internalError } from '../../core/diagnostic.js'
import { type AgateTable, getAttr, iterate, toStr, type Value } from '../../jinja/index.js'
import type { TestNode } from '../../manifest/index.js'
import { judgeTest, readBoolean, type TestCounts } from '../test-status.js'
import { materialize, responseOf } from './materialize.js'
import { plainTestSql, runPlainTest, usesBuiltinTestMacros } from './plain-test.js'
import { nodeAs, type Step, type StepHandler, scopeOptions } from './step.js'

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
    const scope = createRunScope(session, node, scopeOptions(step, noteMacrosOf(node, 1)))
    const { counts, response } = await count(step, scope, node)
    const verdict = judgeTest(node, counts, session.flags)
    const kept =
      verdict.status !== 'pass' && storesFailures(node, session.flags) ? (node.relation_name ?? undefined) : undefined
    return { ...verdict, response, failuresRelation: kept }
  },
}

interface Counted {
  readonly counts: TestCounts
  readonly response: AdapterResponse | undefined
}

async function count(step: Step, scope: NodeScope, node: TestNode): Promise<Counted> {
  const { session } = step.run
  const isPlain = node.config.materialized === 'test' && usesBuiltinTestMacros(session, node.package_name)
  const sql = isPlain ? plainTestSql(node, session) : null
  if (sql !== null) {
    const result = await runPlainTest(scope, node, sql)
    return { counts: simpleCounts(result) ?? readCounts(node, agateTableOf(result)), response: result.response }
  }
  const { main } = await materialize(step, scope, node.config.materialized, node.language)
  if (main === null) throw internalError(`dbt internally failed to execute ${node.unique_id}: no result`)
  return { counts: readCounts(node, main.table), response: responseOf(main).response }
}

/** The counts of a row that is a number and two booleans, as most warehouses answer; null for any other. */
function simpleCounts({ columns, data, rowCount }: QueryResult): TestCounts | null {
  if (rowCount !== 1 || columns.length !== 3 || columns.some(({ name }, at) => name !== COUNTS[at])) return null
  const [failures, shouldWarn, shouldError] = data.map((cells) => cells[0])
  if (!Number.isInteger(failures) || typeof shouldWarn !== 'boolean' || typeof shouldError !== 'boolean') return null
  return { failures: failures as number, shouldWarn, shouldError }
}

const COUNTS = ['failures', 'should_warn', 'should_error']

/** The one row of `failures`, `should_warn`, `should_error`; names count without case. */
function readCounts(node: TestNode, table: AgateTable): TestCounts {
  const names = [...iterate(getAttr(table, 'column_names'))].map((name) => String(name).toLowerCase())
  const rows = [...iterate(getAttr(table, 'rows'))].map((row) => [...iterate(row)])
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
    failures: wholeNumber(node, value('failures')),
    shouldWarn: readBoolean(value('should_warn'), 'should_warn'),
    shouldError: readBoolean(value('should_error'), 'should_error'),
  }
}

/** What the `fail_calc` came to. It may be a sum or an average, but what is kept and compared is a number of rows. */
function wholeNumber(node: TestNode, value: Value): number {
  const failures = value === null || value === undefined ? 0 : Number(toStr(value))
  if (Number.isInteger(failures)) return failures
  fail(
    'runtime',
    'test-failures',
    `The fail_calc of ${node.name} gave ${toStr(value)}, which is not of type 'integer'`,
    {
      hint: `round it: fail_calc: "ceil(${String(node.config['fail_calc'])})::bigint"`,
    },
  )
}
