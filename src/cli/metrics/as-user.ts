import { fail } from '../../core/diagnostic.js'
import type { Explanation } from '../../query/types.js'
import type { MetricQuery } from '../../semantic/index.js'
import type { Ready } from '../ready.js'
import type { Metrics } from './open-metrics.js'

/**
 * A question as a user may ask it (`--as`): the SQL with row filters and masks, and the rules that made it so.
 * @throws PlumbError `no-such-user`; and whatever the user would be told.
 */
export async function explainAs(
  ready: Ready,
  metrics: Metrics,
  name: string,
  question: MetricQuery,
): Promise<Explanation> {
  const { createQueryService, openIdentity } = await import('../../query/index.js')
  const { groundOf, lineageFor } = await import('../../query-workspace.js')
  const identity = await openIdentity({
    projectRoot: ready.projectDir,
    file: ready.options.text('users'),
    env: ready.invocation.env,
  })
  const caller = identity.user(name)
  if (caller === null) {
    fail('usage', 'no-such-user', `There is no user '${name}'`, {
      hint: 'users stand in users.yml of the project, or in the file that --users names',
    })
  }
  const ground = await groundOf(metrics.workspace)
  const lineage = caller.owner ? null : await lineageFor(metrics.workspace, () => {})
  const service = createQueryService({ ground: { ...ground, lineage } })
  return service.explain({ kind: 'metrics', query: question }, caller)
}

/** What an explanation for a user says: the rules, the steps, the SQL. */
export function explanationText(name: string, { sql, steps, predicates }: Explanation): string {
  const rules = predicates
    .map(({ relation, predicate, policy }) => `  ${relation}: ${predicate} (${policy})\n`)
    .join('')
  const told = rules === '' ? `No rule narrows what ${name} sees.\n` : `What ${name} sees is narrowed:\n${rules}`
  const plan = steps.map((step, at) => `  ${at + 1}. ${step}\n`).join('')
  return `${told}\nSteps:\n${plan}\nSQL:\n${sql}\n`
}
