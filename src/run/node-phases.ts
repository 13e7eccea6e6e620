import { type CompiledSql, locateDatabaseError } from '../compile/index.js'
import { ConnectionHolder, noteUndefined } from '../context/index.js'
import { type Diagnostic, PlumbError } from '../core/diagnostic.js'
import { type EventSink, eventWithin } from '../core/event.js'
import type { GraphNode } from '../manifest/index.js'
import type { PlanStep } from '../plan/run-plan.js'
import { nodeInfo } from './events/node-info.js'
import { nodeCompiling, nodeExecuting, nodeFinished, nodeStart, resultLine, startLine } from './events/step-events.js'
import { errorMessage } from './explain-error.js'
import { type Outcome, resultOf, timed } from './outcome.js'
import type { RunContext } from './run-context.js'
import type { RunResult, TimingInfo } from './run-result.js'
import { workerName } from './slots.js'
import { stepHandlers } from './steps/index.js'
import type { Step } from './steps/step.js'
import { isoTime } from './times.js'

/**
 * Does one step from its first line to its last: render, execute, give the connection back, tell. Never throws: what
 * goes wrong is the step's result.
 */
export async function runStep(
  run: RunContext,
  planned: PlanStep,
  node: GraphNode,
  index: number,
  worker: number,
): Promise<RunResult> {
  const { session } = run
  const { now } = session.invocation
  const handler = stepHandlers[planned.action]
  const progress = { status: 'started', startedAt: isoTime(now()) as string | null, finishedAt: null as string | null }
  const thread = workerName(worker)
  const eventData = {
    get node_info() {
      return nodeInfo(node, progress)
    },
  }
  const tell: EventSink = (event) => run.emit(eventWithin(event, eventData, thread))
  const connection = new ConnectionHolder(session.adapter!, node.unique_id, node, tell, run.sessions.of(worker))
  const step: Step = { run, node, index, thread, progress, connection, eventData }
  run.emit(nodeStart(step))
  if (handler.announced) run.emit(startLine(step))
  const started = performance.now()
  const timing: TimingInfo[] = []
  let outcome: Outcome | undefined
  let failed: unknown
  let compiled: CompiledSql | undefined
  try {
    connection.announce()
    progress.status = 'compiling'
    run.emit(nodeCompiling(step))
    compiled = await timed('compile', now, timing, async () => handler.compile?.(step))
    progress.status = 'executing'
    run.emit(nodeExecuting(step))
    outcome = await timed('execute', now, timing, () => handler.execute(step))
  } catch (error) {
    failed = inTemplate(run, node, compiled, noted(error))
  }
  try {
    await step.connection.release()
  } catch (error) {
    failed ??= error
  }
  if (outcome === undefined || (failed !== undefined && outcome.status !== 'error'))
    outcome = failure(run, node, handler.failedStatus, failed, tell)
  const seconds = (performance.now() - started) / 1000
  const result = resultOf(step.shownAs ?? node, outcome, { timing, thread, seconds })
  progress.status = result.status
  progress.finishedAt = isoTime(now())
  const line = handler.announced || planned.action === 'no-op' ? resultLine(step, result) : null
  if (line !== null) run.emit(line)
  run.emit(nodeFinished(step, result))
  return result
}

function noted(error: unknown): unknown {
  return error instanceof PlumbError ? noteUndefined(error) : error
}

/** A warehouse's error, with its place in the statement moved to the model's own text. */
function inTemplate(run: RunContext, node: GraphNode, compiled: CompiledSql | undefined, error: unknown): unknown {
  if (compiled === undefined || !(error instanceof PlumbError) || !('raw_code' in node)) return error
  return locateDatabaseError(run.session, node, compiled, error)
}

/** What a step came to that threw. */
function failure(
  run: RunContext,
  node: GraphNode,
  status: 'error' | 'runtime error',
  error: unknown,
  tell: EventSink,
): Outcome {
  const message = errorMessage(error, node, run.session)
  const known = error instanceof PlumbError && error.first.kind !== 'internal'
  tell(
    known
      ? {
          name: 'CatchableExceptionOnRun',
          code: 'W002',
          level: 'debug',
          msg: message,
          data: { exc: message },
        }
      : {
          name: 'GenericExceptionOnRun',
          code: 'W004',
          level: 'error',
          msg: `Unhandled error while executing ${node.unique_id}\n${message}`,
          data: { unique_id: node.unique_id, exc: message, exc_info: error instanceof Error ? error.stack : undefined },
        },
  )
  return { status, message, diagnostics: diagnosticsOf(error, node) }
}

function diagnosticsOf(error: unknown, node: GraphNode): readonly Diagnostic[] {
  if (!(error instanceof PlumbError)) return []
  return error.diagnostics.map((each) => ({ nodeId: node.unique_id, ...each }))
}
