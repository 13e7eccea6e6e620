import { resolve } from 'node:path'
import { fail } from '../../core/diagnostic.js'
import type { Answer, AskOptions, Caller, Explanation, Ground } from '../../query/index.js'
import type { MetricQuery } from '../../semantic/index.js'
import type { Ready } from '../ready.js'
import type { Metrics } from './open-metrics.js'

/** The command line's door to the query service: everything is asked as the owner, or as the user of `--as`. */
export interface Door {
  readonly caller: Caller
  /** @throws PlumbError as the service does */
  ask(query: MetricQuery, options?: Omit<AskOptions, 'door'>): Promise<Answer>
  explain(query: MetricQuery): Promise<Explanation>
  close(): Promise<void>
}

/** Longest wait of a timer: who sits at the command line stops what takes too long. */
const FOREVER = 2 ** 31 - 1

/**
 * Opens the door. The warehouse is opened with the first question that can be answered.
 * @throws PlumbError `no-such-user`
 */
export async function openDoor(ready: Ready, metrics: Metrics): Promise<Door> {
  const { createQueryService, fileLog } = await import('../../query/index.js')
  const caller = await callerOf(ready)
  const { root, targetDir } = metrics.workspace.project
  const log = fileLog(resolve(root.root, root.config.logPath, 'queries.jsonl'))
  const service = createQueryService({
    ground: { ...(await groundFor(ready, metrics, caller)), projectRoot: root.root, targetDir },
    log: log.add,
    limits: { timeout: FOREVER, maxRows: Number.MAX_SAFE_INTEGER },
  })
  const question = (query: MetricQuery) => ({ kind: 'metrics', query: { ...query, trusted: caller.owner } }) as const
  return {
    caller,
    ask: (query, options = {}) =>
      service.ask(question(query), caller, { signal: ready.invocation.signal, ...options, door: 'cli' }),
    explain: (query) => service.explain(question(query), caller),
    async close() {
      await service.close()
      await log.close()
    },
  }
}

async function callerOf(ready: Ready): Promise<Caller> {
  const { OWNER, openIdentity } = await import('../../query/index.js')
  const name = ready.options.text('as_user')
  if (name === null) return OWNER
  const identity = await openIdentity({
    projectRoot: ready.projectDir,
    file: ready.options.text('users'),
    env: ready.invocation.env,
  })
  const caller = identity.user(name)
  if (caller !== null) return caller
  return fail('usage', 'no-such-user', `There is no user '${name}'`, {
    hint: 'users stand in users.yml of the project, or in the file that --users names',
  })
}

/** What the service stands on: no more of the project is read than the question needs. */
async function groundFor(
  ready: Ready,
  { workspace, engine, warehouse }: Metrics,
  caller: Caller,
): Promise<Omit<Ground, 'projectRoot' | 'targetDir'>> {
  const { options } = ready
  const needsProject =
    options.text('semantic_manifest') === null ||
    !caller.owner ||
    options.is('proof', false) ||
    options.list('require').length > 0
  const manifest = needsProject
    ? await workspace.manifest()
    : (await import('./no-project.js')).noProject(warehouse.plugin.type)
  const ground = { manifest, adapter: warehouse, semantics: engine }
  if (caller.owner) return ground
  const { lineageFor, policyFileOf } = await import('../../query-workspace.js')
  const [policyFile, lineage] = await Promise.all([policyFileOf(workspace), lineageFor(workspace, () => {})])
  return { ...ground, policyFile, lineage }
}
