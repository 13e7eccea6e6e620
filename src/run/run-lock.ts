import { hostname, userInfo } from 'node:os'
import type { RunHolder, RunLock, RunLockRequest } from '../adapters/adapter.js'
import type { TemplateSession } from '../context/index.js'
import type { RunPlan, StepAction } from '../plan/run-plan.js'
import { hasRelation } from './prepare-warehouse.js'

/** Steps that leave the warehouse as it was. */
const READING: ReadonlySet<StepAction> = new Set([
  'run-data-test',
  'run-unit-test',
  'export-saved-query',
  'no-op',
  'compile',
  'show',
  'check-freshness',
])

/** Who this invocation is, as another one that finds the target taken is told. */
export function holderOf(session: TemplateSession): RunHolder {
  const { invocation, flags } = session
  return {
    user: userName(invocation.env),
    host: hostname(),
    pid: process.pid,
    command: String(flags.args['invocation_command'] ?? `plumb ${flags.which}`),
    since: invocation.startedAt,
  }
}

/** In containers a user id may have no name. */
function userName(env: Readonly<Record<string, string | undefined>>): string {
  try {
    return userInfo().username
  } catch {
    return env['USER'] ?? String(process.getuid?.() ?? 'unknown')
  }
}

/**
 * What a plan writes: tests only where they keep their failures.
 */
function written(session: TemplateSession, plan: RunPlan): RunLockRequest['relations'] {
  const { manifest, credentials } = session
  return plan.steps.flatMap(({ id, action }) => {
    const node = manifest.nodes[id] ?? manifest.functions[id]
    if (node === undefined || (READING.has(action) && action !== 'run-data-test')) return []
    if (action === 'run-data-test' && !hasRelation(session, node)) return []
    return [{ schema: node.schema ?? credentials.schema, name: node.alias ?? node.name }]
  })
}

/**
 * Keeps other runs off what this one writes; null where there is nothing to keep them from.
 * @throws PlumbError `run-locked` when another run is at work on it and does not end in the time of `--wait`.
 */
export async function lockTarget(session: TemplateSession, plan: RunPlan): Promise<RunLock | null> {
  const { adapter, flags, invocation, credentials } = session
  if (adapter?.lockRun === undefined || !flags.runLock) return null
  const relations = written(session, plan)
  if (relations.length === 0) return null
  return adapter.lockRun({
    schema: credentials.schema,
    relations,
    holder: holderOf(session),
    wait: flags.wait ?? Number.POSITIVE_INFINITY,
    onWait: (other) => {
      const msg = `Waiting for another run to end: ${other}`
      invocation.emit({ name: 'RunLockWait', code: 'X001', level: 'info', msg, data: { holder: other } })
    },
  })
}
