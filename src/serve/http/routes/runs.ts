import type { RunResultsArtifact } from '../../../artifacts/index.js'
import type { HttpContext } from '../context.js'
import { RequestFault } from '../problem.js'

/** What the last builds did. */
export function runRoutes({ app, service, history, callerOf }: HttpContext): void {
  app.get('/api/v1/runs', (request) => {
    const { resources } = service.visible(callerOf(request))
    return { runs: history.read(service.project.targetDir).map((run) => summaryOf(run, resources)) }
  })
  app.get('/api/v1/runs/:id', (request) => {
    const { id } = request.params as { readonly id: string }
    const caller = callerOf(request)
    const { resources } = service.visible(caller)
    const run = history.read(service.project.targetDir).find(({ metadata }) => metadata.invocation_id === id)
    if (run === undefined) throw new RequestFault(404, 'no-such-run', `No run '${id}' is kept`)
    const results = run.results.filter(({ unique_id }) => resources.has(unique_id))
    return {
      ...summaryOf(run, resources),
      results: results.map(({ unique_id, status, message, failures, execution_time, timing, thread_id }) => ({
        unique_id,
        status,
        // What the warehouse says of a failure may quote values: it is for the owner.
        message: caller.owner ? message : null,
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
  resources: ReadonlySet<string>,
): object {
  const counts: Record<string, number> = {}
  for (const { status, unique_id } of results) if (resources.has(unique_id)) counts[status] = (counts[status] ?? 0) + 1
  return {
    id: metadata.invocation_id ?? null,
    command: args['which'] ?? null,
    finished_at: metadata.generated_at,
    seconds: elapsed_time,
    counts,
  }
}
