import type { QueryResult } from '../../adapters/adapter.js'
import { executeStatement, type NodeScope, type TemplateSession, writeRunSql } from '../../context/index.js'
import type { TestNode } from '../../manifest/index.js'

// Most nodes of a project are data tests, and most tests go through the built-in macros unchanged. For those this does
// what macros/tests/test.sql says, to the last blank of the statement, without going through the templates: that is a
// third of what a test costs beside its query. A project that has a macro of its own for any part of it is given the
// templates (test/functional/run/plain-tests.test.ts holds the two against each other).

/** Macros that the built-in materialization calls by their bare names. */
const CALLED = ['get_limit_subquery_sql', 'should_store_failures', 'statement', 'get_test_sql']

/** Of these the manifest keeps that the test has called them: the others are called by these. */
const NOTED = ['get_limit_subquery_sql', 'should_store_failures', 'statement']

/** Those it dispatches: all of them must be the default ones. */
const DISPATCHED = ['get_limit_sql', 'get_test_sql']

/** Names of the context which a macro of the project would hide. */
const CONTEXT = ['adapter', 'config', 'execute', 'flags', 'log', 'model', 'return', 'sql', 'store_result', 'write']

/** Do the tests of a package run through the built-in macros, all the way. */
export function usesBuiltinTestMacros(session: TemplateSession, packageName: string): boolean {
  return session.shared(`plain tests of ${packageName}`, () => looksBuiltin(session, packageName))
}

function looksBuiltin({ macros }: TemplateSession, packageName: string): boolean {
  if (macros.findMaterialization('test')?.macro.unique_id !== 'macro.dbt.materialization_test_default') return false
  const namespace = macros.namespaceOf(packageName)
  const isBuiltin = (name: string): boolean => {
    const entry = namespace.find(name)
    return entry?.kind === 'macro' && entry.macro.unique_id === `macro.dbt.${name}`
  }
  // Where packages are searched by what the test can see, the answer may differ from test to test.
  if (macros.dispatchPackages('dbt').includes(null)) return false
  return (
    CALLED.every(isBuiltin) &&
    DISPATCHED.every((name) => macros.dispatch(name, 'dbt', packageName).unique_id === `macro.dbt.default__${name}`) &&
    CONTEXT.every((name) => namespace.find(name) === undefined)
  )
}

/**
 * The statement of a test that only counts its failures.
 * @returns null for all that needs more than that: failures to be stored, a header, settings that are no plain text.
 */
export function plainTestSql(node: TestNode, { flags }: TemplateSession): string | null {
  const config = node.config as Readonly<Record<string, unknown>>
  const { limit, fail_calc: failCalc, warn_if: warnIf, error_if: errorIf, store_failures: stored } = config
  if (typeof failCalc !== 'string' || typeof warnIf !== 'string' || typeof errorIf !== 'string') return null
  if (limit !== null && !Number.isSafeInteger(limit)) return null
  if ((stored ?? flags.storeFailures) !== false) return null
  if (flags.behavior['require_sql_header_in_test_configs'] === true) return null
  if (node.language !== 'sql' || typeof node.compiled_code !== 'string') return null
  const limited = `\n  ${node.compiled_code}\n  ${limit === null ? '' : `limit ${String(limit)}`}`
  return `
    select
      ${failCalc} as failures,
      ${failCalc} ${warnIf} as should_warn,
      ${failCalc} ${errorIf} as should_error
    from (
      ${limited}
      
    ) dbt_internal_test`
}

/** Keeps, tells and sends the statement as the macro `statement` does. */
export async function runPlainTest(scope: NodeScope, node: TestNode, sql: string): Promise<QueryResult> {
  for (const name of NOTED) scope.parts.callNote?.note(`macro.dbt.${name}`)
  const msg = `Writing runtime sql for node "${node.unique_id}"`
  scope.emit({ name: 'JinjaLogDebug', code: 'I063', level: 'debug', msg, data: { msg } })
  writeRunSql(scope, sql)
  return executeStatement(scope, sql, { autoBegin: false, fetch: true })
}
