import type { TemplateSession } from '../context/index.js'
import type { RunResult } from '../run/index.js'
import type { Workspace } from '../workspace.js'
import type { Ready } from './ready.js'

const BUILDING: ReadonlySet<string> = new Set(['build', 'run', 'test', 'seed', 'snapshot', 'retry'])

/** Runs a plan, and tells OpenLineage of it where somebody wants that: what builds or tests, by option or environment. */
export async function executeFollowed(
  { options, flags, invocation: { env } }: Pick<Ready, 'options' | 'flags' | 'invocation'>,
  workspace: Workspace,
  session: TemplateSession,
  execute: (session: TemplateSession) => Promise<RunResult[]>,
): Promise<RunResult[]> {
  const option = options.text('openlineage')
  const asked = option !== null || Object.keys(env).some((name) => /^OPENLINEAGE_(URL|CONFIG|_TRANSPORT)$/.test(name))
  if (!asked || !BUILDING.has(flags.which)) return execute(session)
  const { followRun } = await import('../openlineage/index.js')
  const followed = await followRun(workspace, option)
  if (followed === undefined) return execute(session)
  const { invocation } = session
  const emit: typeof invocation.emit = (event) => {
    invocation.emit(event)
    followed.sink(event)
  }
  try {
    const results = await execute(session.derive({ invocation: { ...invocation, emit } }))
    await followed.finish(session, results)
    return results
  } catch (error) {
    await followed.abandon(error)
    throw error
  }
}
