import { compileNode, prepareUnitTest } from '../../compile/index.js'
import { createUnitTestScope, type StatementResult, type UnitTestNode } from '../../context/index.js'
import { diagnostic, internalError, KIND_HEADERS, PlumbError } from '../../core/diagnostic.js'
import { getAttr, iterate, toStr, type Value } from '../../jinja/index.js'
import type { GraphNode, UnitTestDefinition } from '../../manifest/index.js'
import { databaseHeader } from '../explain-error.js'
import type { Outcome } from '../outcome.js'
import { type DiffTable, renderTableDiff } from '../table-diff/render-diff.js'
import { materialize, responseOf } from './materialize.js'
import { nodeAs, type Step, type StepHandler, scopeOptions } from './step.js'

/** Column that tells the rows the model gave from those the test expects. */
const SIDE = 'actual_or_expected'

/** Runs a model's SQL on the rows of a unit test and compares what comes out. */
export const unitTestStep: StepHandler = {
  announced: true,
  failedStatus: 'error',
  async execute(step) {
    const test = nodeAs(step.node, 'unit_test')
    const prepared = prepareUnitTest(step.run.session, test)
    const testStep: Step = { ...step, run: { ...step.run, session: prepared.session } }
    await compileNode(prepared.session, prepared.node, scopeOptions(step))
    step.shownAs = resultNode(test, prepared.node)
    const main = await runUnit(testStep, test, prepared.node)
    return { ...judge(main), node: resultNode(test, prepared.node) }
  },
}

/** The test as results show it: with the SQL it came to, which has no place in the manifest. */
function resultNode(test: UnitTestDefinition, node: UnitTestNode): GraphNode {
  const { compiled, compiled_code, compiled_path, relation_name } = node
  return Object.assign({ ...test }, { compiled, compiled_code, compiled_path, relation_name })
}

async function runUnit(step: Step, test: UnitTestDefinition, node: UnitTestNode): Promise<StatementResult> {
  const scope = createUnitTestScope(step.run.session, node, scopeOptions(step))
  try {
    const { main } = await materialize(step, scope, node.config.materialized, node.language)
    if (main !== null) return main
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    const header = `An error occurred during execution of unit test '${test.name}'. There may be an error in the unit test definition: check the data types.`
    throw new PlumbError(
      error.diagnostics.map(({ code, kind, message, hint }) => {
        const cause = kind === 'database' ? databaseHeader(step.run.session) : KIND_HEADERS[kind]
        return diagnostic('runtime', code, `${header}\n ${cause}\n  ${message.replaceAll('\n', '\n  ')}`, { hint })
      }),
      error,
    )
  }
  throw internalError(`unit test ${test.name} gave no result`)
}

function judge(main: StatementResult): Outcome {
  const columns = [...iterate(getAttr(main.table, 'column_names'))].map((name) => toStr(name).toLowerCase())
  const side = columns.indexOf(SIDE)
  const rows = [...iterate(getAttr(main.table, 'rows'))].map((row) => [...iterate(row)])
  const tableOf = (which: string): DiffTable => ({
    columns: columns.filter((_, column) => column !== side),
    rows: rows
      .filter((row) => row[side] === which)
      .map((row) => row.filter((_, column) => column !== side))
      .sort(compareRows)
      .map((row) => row.map((cell) => (cell === null ? null : toStr(cell)))),
  })
  const rendered = renderTableDiff(tableOf('expected'), tableOf('actual'))
  const { response } = responseOf(main)
  if (rendered === null) return { status: 'pass', message: null, response, failures: 0 }
  return { status: 'fail', message: `\n\nactual differs from expected:\n\n${rendered}\n`, response, failures: 1 }
}

/** Rows in the order of their cells, nulls last: the order of rows does not matter to a unit test. */
function compareRows(a: readonly Value[], b: readonly Value[]): number {
  for (let column = 0; column < a.length; column++) {
    const order = compareCells(a[column], b[column])
    if (order !== 0) return order
  }
  return 0
}

function compareCells(a: Value, b: Value): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  const [x, y] = [numberOf(a), numberOf(b)]
  if (x !== null && y !== null) return x - y
  const [s, t] = [toStr(a), toStr(b)]
  return s < t ? -1 : s > t ? 1 : 0
}

/** A number or decimal as a number; null for text and everything else. */
function numberOf(value: Value): number | null {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
  if (typeof value === 'object' && /^-?\d+(?:\.\d+)?(?:E[+-]?\d+)?$/i.test(toStr(value))) return Number(toStr(value))
  return null
}
