import { hostname, userInfo } from 'node:os'
import type { RunHolder, RunLock } from '../adapters/adapter.js'
import type { TemplateSession } from '../context/index.js'
import type { RunPlan, StepAction } from '../plan/run-plan.js'
import { requiredSchemas } from './prepare-warehouse.js'

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

/** Does a plan change anything in the warehouse: tests do only where they keep their failures. */
function changesWarehouse(session: TemplateSession, plan: RunPlan): boolean {
  if (plan.steps.some(({ action }) => !READING.has(action))) return true
  return plan.command === 'test' && requiredSchemas(session, plan).length > 0
}

/**
 * Keeps other runs off the target while this one is at work; null where there is nothing to keep them from.
 * @throws PlumbError `run-locked` when another run has the target and does not end in the time of `--wait`.
 */
export async function lockTarget(session: TemplateSession, plan: RunPlan): Promise<RunLock | null> {
  const { adapter, flags, invocation, credentials } = session
  if (adapter?.lockRun === undefined || !flags.runLock || !changesWarehouse(session, plan)) return null
  return adapter.lockRun({
    schema: credentials.schema,
    holder: holderOf(session),
    wait: flags.wait,
    onWait: (other) => {
      const msg = `Waiting for another run on this target to end: ${other}`
      invocation.emit({ name: 'RunLockWait', code: 'P001', level: 'info', msg, data: { holder: other } })
    },
  })
}
