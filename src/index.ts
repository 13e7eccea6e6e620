/** The public API: what a library user, and the command line, do with a project. */
import type { ManagedQueryService, QueryServiceOptions } from './query/index.js'
import type { ServeOptions, Serving } from './serve-project.js'
import type { Workspace as OpenedWorkspace } from './workspace.js'

export type { Diagnostic } from './core/diagnostic.js'
export { PlumbError } from './core/diagnostic.js'
export type { EventSink, PlumbEvent } from './core/event.js'
export { createFlags, type Flags } from './core/flags.js'
export { createInvocation, type Invocation, PLUMB_VERSION } from './core/invocation.js'
export type * from './manifest/index.js'
export type { PlanStep, RunPlan } from './plan/run-plan.js'
export {
  type Answer,
  type Caller,
  OWNER,
  type QueryService,
  type Question,
} from './query/types.js'
export type { RunResult, RunStatus } from './run/run-result.js'
export { type OpenProjectOptions, openProject, type Workspace } from './workspace.js'

/** Answers questions about the metrics and models of an opened project. Close it before the workspace. */
export async function openQueryService(
  workspace: OpenedWorkspace,
  options: Omit<QueryServiceOptions, 'ground'> = {},
): Promise<ManagedQueryService> {
  return (await import('./query-workspace.js')).openQueryService(workspace, options)
}

/** Opens the doors of a project: what `plumb serve` does. */
export async function serveProject(workspace: OpenedWorkspace, options: ServeOptions): Promise<Serving> {
  return (await import('./serve-project.js')).serveProject(workspace, options)
}
