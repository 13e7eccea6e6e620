import { type RunResultsArtifact, readRuns } from '../../../artifacts/index.js'
import type { HttpContext } from '../context.js'
import { RequestFault } from '../problem.js'
import { seenBy } from './lineage.js'

/** What the last builds did. */
export function runRoutes({ app, service, callerOf }: HttpContext): void {
  app.get('/api/v1/runs', (request) => {
    const sees = seenBy(service, callerOf(request))
    return { runs: readRuns(service.project.targetDir).map((run) => summaryOf(run, sees)) }
  })
  app.get('/api/v1/runs/:id', (request) => {
    const { id } = request.params as { readonly id: string }
    const sees = seenBy(service, callerOf(request))
    const run = readRuns(service.project.targetDir).find(({ metadata }) => metadata.invocation_id === id)
    if (run === undefined) throw new RequestFault(404, 'no-such-run', `No run '${id}' is kept`)
    const tells = callerOf(request).owner
    const results = run.results.filter(({ unique_id }) => sees(unique_id))
    return {
      ...summaryOf(run, sees),
      results: results.map(({ unique_id, status, message, failures, execution_time, timing, thread_id }) => ({
        unique_id,
        status,
        // What the warehouse says of a failure may quote values: it is for the owner.
        message: tells ? message : null,
        failures,
        seconds: execution_time,
        timing,
        thread: thread_id,
      })),
    }
  })
}

function summaryOf(
  { metadata, args, results, elapsed_time }: RunResultsArtifact,
  sees: (id: string) => boolean,
): object {
  const counts: Record<string, number> = {}
  for (const { status, unique_id } of results) if (sees(unique_id)) counts[status] = (counts[status] ?? 0) + 1
  return {
    id: metadata.invocation_id ?? null,
    command: args['which'] ?? null,
    finished_at: metadata.generated_at,
    seconds: elapsed_time,
    counts,
  }
}
