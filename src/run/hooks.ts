import { compileNode } from '../compile/index.js'
import { type ConnectionHolder, createRunScope, executeStatement } from '../context/index.js'
import { PlumbError } from '../core/diagnostic.js'
import { tuple, type Value } from '../jinja/index.js'
import type { HookNode, UniqueId } from '../manifest/index.js'
import { hookEnd, hookStart } from './events/hook-events.js'
import { blankLine } from './events/line.js'
import { nodeInfo } from './events/node-info.js'
import { errorMessage } from './explain-error.js'
import { resultOf, timed } from './outcome.js'
import { hasRelation } from './prepare-warehouse.js'
import type { RunContext } from './run-context.js'
import type { RunResult, TimingInfo } from './run-result.js'
import { templateResult } from './template-results.js'

export type HookKind = 'on-run-start' | 'on-run-end'

/**
 * Runs on-run-start or on-run-end hooks one after the other, outside of a transaction; after a failed one the others
 * are skipped.
 * @returns their results, in order.
 */
export async function runHooks(
  run: RunContext,
  kind: HookKind,
  ids: readonly UniqueId[],
  connection: ConnectionHolder,
  extra?: ReadonlyMap<string, Value>,
): Promise<RunResult[]> {
  const hooks = ids
    .map((id) => run.session.manifest.nodes[id])
    .filter((node) => node?.resource_type === 'operation') as HookNode[]
  if (hooks.length === 0) return []
  if (kind === 'on-run-end') run.emit(blankLine)
  await connection.current?.rollback()
  const results: RunResult[] = []
  let failed = false
  for (const [at, hook] of hooks.entries()) {
    const name = `${hook.package_name}.${kind}.${at}`
    hook.index = at + 1
    const view = { run, hook, name, index: at + 1, total: hooks.length }
    const result: RunResult = failed
      ? skipped(hook, name)
      : await runHook(run, hook, name, connection, extra, () => run.emit(hookStart(view)))
    failed ||= result.status !== 'success'
    results.push(result)
    run.emit(hookEnd(view, result))
  }
  if (kind === 'on-run-start') run.emit(blankLine)
  return results
}

async function runHook(
  run: RunContext,
  hook: HookNode,
  name: string,
  connection: ConnectionHolder,
  extra: ReadonlyMap<string, Value> | undefined,
  announce: () => void,
): Promise<RunResult> {
  const { session } = run
  const { now } = session.invocation
  const timing: TimingInfo[] = []
  const started = performance.now()
  const finish = (status: 'success' | 'error', message: string, diagnostics: RunResult['diagnostics']): RunResult => {
    const seconds = (performance.now() - started) / 1000
    return resultOf(
      hook,
      { status, message, failures: status === 'success' ? 0 : 1, diagnostics },
      { timing, thread: 'main', seconds },
    )
  }
  const eventData = { node_info: nodeInfo(hook, { status: 'started', startedAt: null, finishedAt: null }) }
  const options = { connection, extra, eventData }
  // A hook that cannot be rendered stops the run, as in dbt: the error goes up.
  const { sql } = await timed('compile', now, timing, () => compileNode(session, hook, options))
  announce()
  try {
    const scope = createRunScope(session, hook, options)
    await timed('execute', now, timing, async () => {
      if (sql.trim() !== '') await executeStatement(scope, sql, {})
    })
    return finish('success', `${name} passed`, [])
  } catch (error) {
    // Only the warehouse's words: dbt gives no header here.
    const words = error instanceof PlumbError ? error.message : errorMessage(error, hook, session)
    return finish('error', `${name} failed, error:\n ${words}`, error instanceof PlumbError ? error.diagnostics : [])
  }
}

function skipped(hook: HookNode, name: string): RunResult {
  return resultOf(
    hook,
    { status: 'skipped', message: `${name} skipped`, failures: 1 },
    { timing: [], thread: 'main', seconds: 0 },
  )
}

/** `results`, `schemas` and `database_schemas` of on-run-end hooks. */
export function endHookNames(run: RunContext, results: readonly RunResult[]): ReadonlyMap<string, Value> {
  const built = new Map<string, readonly [string | null, string]>()
  for (const { node, status } of results) {
    if (status === 'error' || status === 'fail' || status === 'skipped') continue
    if (!('relation_name' in node) || node.resource_type === 'source' || !hasRelation(run.session, node)) continue
    built.set(`${node.database}\u0000${node.schema}`, [node.database, node.schema])
  }
  const pairs = [...built.values()]
  const seen = results.filter(({ thread_id, status }) => thread_id !== 'main' || status === 'error')
  return new Map<string, Value>([
    ['schemas', [...new Set(pairs.map(([, schema]) => schema))]],
    ['database_schemas', pairs.map((pair) => tuple(pair))],
    ['results', seen.map(templateResult)],
  ])
}
