import { ConnectionHolder, type TemplateSession } from '../context/index.js'
import { internalError, PlumbError } from '../core/diagnostic.js'
import { findResource, type GraphNode, type UniqueId } from '../manifest/index.js'
import { isEphemeral } from '../plan/commands.js'
import type { PlanStep, RunPlan } from '../plan/run-plan.js'
import { type CommandProfile, commandProfile } from './command-profile.js'
import { blankLine } from './events/line.js'
import { cancelLine, concurrencyLine, freshnessDone, nothingToDo } from './events/run-events.js'
import { ephemeralFailed, markSkippedChildren, skipLine } from './events/step-events.js'
import { emitEndOfRun, emitResult, finishedRunning } from './events/summary-events.js'
import { endHookNames, runHooks } from './hooks.js'
import { runStep } from './node-phases.js'
import { skippedResult } from './outcome.js'
import { applyDeferral, prepareWarehouse } from './prepare-warehouse.js'
import { groupFinder, type RunContext } from './run-context.js'
import { lockTarget } from './run-lock.js'
import type { RunResult } from './run-result.js'
import { type Job, runJobs } from './scheduler.js'
import { Slots, workerName } from './slots.js'
import { MASTER, WorkerSessions } from './worker-sessions.js'

export interface ExecuteOptions {
  /** Results of the run that this one repeats: batches that went well are not run again. */
  readonly previous?: ReadonlyMap<UniqueId, RunResult['batch_results']>
  /** When the run that this one repeats began. */
  readonly startedAt?: Date
}

/**
 * Does what a plan says: schemas and relation cache, on-run-start hooks, the steps with as many workers as the target
 * has threads, on-run-end hooks; and says so in dbt's events, to the closing line. A step that fails skips what stands
 * on it. When the user stops the run, or it fails fast, running queries are cancelled and all the rest is skipped.
 * @returns the results in the order in which they came about, hooks among them.
 * @throws PlumbError when hooks cannot be rendered, schemas cannot be made, or a `compile` fails.
 */
export async function executePlan(
  plan: RunPlan,
  session: TemplateSession,
  options: ExecuteOptions = {},
): Promise<RunResult[]> {
  const { adapter, invocation } = session
  if (adapter === null) throw internalError('A plan was to be executed without a warehouse')
  const profile = commandProfile(plan.command)
  if (plan.steps.length === 0) {
    invocation.emit(nothingToDo)
    return []
  }
  const execution = new Execution(plan, session, profile, options)
  const cancel = (): void => execution.interrupt()
  const lock = await lockTarget(session, plan)
  invocation.signal.addEventListener('abort', cancel)
  try {
    return await execution.run()
  } finally {
    invocation.signal.removeEventListener('abort', cancel)
    await lock?.release()
  }
}

function contextOf(
  plan: RunPlan,
  session: TemplateSession,
  options: ExecuteOptions,
  stopped: () => boolean,
): RunContext {
  const { invocation, flags, manifest, credentials } = session
  return {
    session,
    plan,
    slots: new Slots(flags.singleThreaded ? 1 : Math.max(1, credentials.threads)),
    total: plan.steps.filter((step) => step.silent !== true).length,
    width: flags.printerWidth,
    emit: (event) => invocation.emit(event),
    sessions: new WorkerSessions(),
    groupOf: groupFinder(manifest.groups, (id) => findResource(manifest, id)),
    stopped,
    previousBatches: options.previous ?? new Map(),
    startedAt: options.startedAt ?? invocation.startedAt,
  }
}

/** One run under way. */
class Execution {
  readonly #context: RunContext
  readonly #results: RunResult[] = []
  readonly #byId = new Map<UniqueId, RunResult>()
  /** The ephemeral model whose SQL could not be made, for itself and what was skipped because of it. */
  readonly #brokenAbove = new Map<UniqueId, RunResult>()
  readonly #master: ConnectionHolder
  #begun = 0
  /** The result that made a fail-fast run end. */
  #fatal: RunResult | null = null
  #fatalError: unknown = null

  constructor(
    readonly plan: RunPlan,
    readonly session: TemplateSession,
    readonly profile: CommandProfile,
    options: ExecuteOptions,
  ) {
    this.#context = contextOf(plan, session, options, () => this.#stopped)
    const { emit, sessions } = this.#context
    this.#master = new ConnectionHolder(session.adapter!, 'master', null, emit, sessions.of(MASTER))
  }

  get #interrupted(): boolean {
    return this.session.invocation.signal.aborted
  }

  get #stopped(): boolean {
    return this.#fatal !== null || this.#interrupted
  }

  /** Cancels what runs; nothing more begins. */
  interrupt(): void {
    for (const { id } of this.plan.steps) {
      if (this.#running.has(id)) this.#context.emit(cancelLine(id, this.#context.width))
    }
    void this.session.adapter?.cancelAll()
  }

  readonly #running = new Set<UniqueId>()

  async run(): Promise<RunResult[]> {
    const context = this.#context
    const { plan, session, profile } = this
    context.emit(blankLine)
    context.emit(concurrencyLine(context.slots.size, session.project.profile?.targetName ?? '', context.total))
    context.emit(blankLine)
    const started = performance.now()
    this.#master.announce()
    try {
      applyDeferral(session, plan.deferred)
      await prepareWarehouse(session, plan, this.#master, profile, (name) => this.#firstWorkers(name))
      // Hooks keep one session from the first to the last; without them the first step may have it.
      if (!profile.hooks || plan.onRunStart.length === 0) await this.#master.release()
      if (await this.#startHooks()) await this.#steps()
      else this.#skipRest(null)
      if (profile.hooks && !this.#interrupted) {
        const names = endHookNames(context, this.#results)
        this.#results.push(...(await runHooks(context, 'on-run-end', plan.onRunEnd, this.#master, names)))
      }
    } finally {
      await this.#master.release()
      context.sessions.tellEnd(context.emit)
    }
    if (this.#fatalError !== null) throw this.#fatalError
    if (profile.finishedLine) {
      context.emit(blankLine)
      context.emit(finishedRunning(this.#results, (performance.now() - started) / 1000))
    }
    this.#end()
    return this.#results
  }

  /** A connection on the session that the first worker takes over, as dbt's does. */
  #firstWorkers(name: string): ConnectionHolder {
    const { emit, sessions } = this.#context
    return new ConnectionHolder(this.session.adapter!, name, null, emit, sessions.of(1))
  }

  /** False when a hook failed and the project wants nothing to run then. */
  async #startHooks(): Promise<boolean> {
    const { plan, session, profile } = this
    if (!profile.hooks) return true
    const results = await runHooks(this.#context, 'on-run-start', plan.onRunStart, this.#master)
    this.#results.push(...results)
    const failed = results.some((result) => result.status !== 'success')
    return !(failed && session.flags.behavior['skip_nodes_if_on_run_start_fails'] === true)
  }

  async #steps(): Promise<void> {
    const jobs = this.plan.steps.map((step): StepJob => ({ id: step.id, after: step.after, weight: step.weight, step }))
    await runJobs(
      jobs,
      this.#context.slots,
      (job, worker) => this.#runJob(job.step, worker),
      () => this.#stopped,
    )
    if (this.#stopped) this.#skipRest(this.#fatal === null ? null : 'Skipping due to fail_fast')
    if (this.#fatal !== null && !this.profile.stopsAtError) emitResult(this.#context, this.#fatal, false)
  }

  async #runJob(step: PlanStep, worker: number): Promise<void> {
    try {
      const node = this.#nodeOf(step.id)
      const index = step.silent === true ? 0 : ++this.#begun
      const cause = this.#causeOfSkip(step)
      if (cause !== null) this.#skip(step, node, index, worker, cause)
      else {
        this.#running.add(step.id)
        const result = await runStep(this.#context, step, node, index, worker)
        this.#running.delete(step.id)
        this.#keep(result)
      }
    } catch (error) {
      // Nothing of this may be lost: the scheduler's promise ends with it.
      this.#fatalError ??= error
      throw error
    }
  }

  #keep(result: RunResult): void {
    // What was cancelled because the run stops did not fail: it was not run.
    const cancelled = this.#stopped && result.diagnostics.some((each) => each.code === 'query-cancelled')
    if (cancelled) return
    if (this.#isShown(result)) this.#results.push(result)
    this.#byId.set(result.node.unique_id, result)
    if (!this.#isFailure(result)) return
    if (isEphemeral(result.node)) this.#brokenAbove.set(result.node.unique_id, result)
    this.#context.emit(markSkippedChildren(result))
    const stops = this.profile.stopsAtError || this.session.flags.failFast
    if (!stops || this.#fatal !== null) return
    this.#fatal = result
    if (this.profile.stopsAtError) this.#fatalError = errorOf(result)
    this.interrupt()
  }

  /** Ephemeral models are results only where they were asked for, as in dbt. */
  #isShown({ node }: RunResult): boolean {
    if (!isEphemeral(node)) return true
    const { select } = this.session.flags.args
    return (
      this.plan.command === 'show' || (this.plan.command === 'compile' && Array.isArray(select) && select.length > 0)
    )
  }

  #isFailure({ status }: RunResult): boolean {
    return status === 'error' || status === 'partial success' || status === 'runtime error' || status === 'fail'
  }

  /** The failed or skipped step that this one stands on; rather an ephemeral model without SQL, however far above. */
  #causeOfSkip(step: PlanStep): RunResult | null {
    let cause: RunResult | null = null
    for (const id of step.after) {
      const result = this.#byId.get(id)
      if (result === undefined) continue
      const { status } = result
      const broken = this.#brokenAbove.get(id)
      if (broken !== undefined) return broken
      if (status === 'error' || status === 'partial success' || status === 'skipped') cause ??= result
      if (status === 'fail' && this.profile.testsBlock) cause ??= result
    }
    return cause
  }

  #skip({ silent }: PlanStep, node: GraphNode, index: number, worker: number, cause: RunResult): void {
    const thread = workerName(worker)
    const progress = { status: 'skipped', startedAt: null, finishedAt: null }
    const view = { run: this.#context, node, index, thread, progress }
    const broken = isEphemeral(cause.node) && cause.status === 'error' && node.resource_type !== 'unit_test'
    let message: string | null = null
    if (silent !== true && broken) {
      this.#context.emit(ephemeralFailed(view))
      emitResult(this.#context, cause, false, false)
      message =
        `Compilation Error in ${node.unique_id}, caused by compilation error in referenced ephemeral model ` +
        cause.node.unique_id
    } else if (silent !== true) this.#context.emit(skipLine(view))
    // In a build what was skipped is itself the cause for what is below it.
    if (broken && !this.profile.testsBlock) this.#brokenAbove.set(node.unique_id, cause)
    const result = skippedResult(node, message, thread, cause.skippedBecauseOf ?? cause.node.unique_id)
    if (silent !== true) this.#results.push(result)
    this.#byId.set(node.unique_id, result)
  }

  /** Results for the steps that will not be run any more. */
  #skipRest(message: string | null): void {
    for (const { id, silent } of this.plan.steps) {
      // dbt lists ephemeral models when it fails fast, those with SQL too, and nowhere else.
      if (silent === true ? this.#fatal === null : this.#byId.has(id)) continue
      const node = this.#nodeOf(id)
      if (message === null && !this.#interrupted) {
        const progress = { status: 'skipped', startedAt: null, finishedAt: null }
        this.#context.emit(skipLine({ run: this.#context, node, index: ++this.#begun, thread: 'MainThread', progress }))
      }
      const result = skippedResult(node, message, 'MainThread', this.#fatal?.node.unique_id)
      this.#results.push(result)
      this.#byId.set(id, result)
    }
  }

  #nodeOf(id: UniqueId): GraphNode {
    const node = findResource(this.session.manifest, id)
    if (node === undefined) throw internalError(`The plan has a step for ${id}, which is not in the manifest`)
    return node
  }

  #end(): void {
    const context = this.#context
    if (this.profile.ending === 'summary') emitEndOfRun(context, this.#results, this.#interrupted)
    else if (this.profile.ending === 'freshness') {
      for (const result of this.#results) {
        if (result.status === 'error' || result.status === 'runtime error') emitResult(context, result, false)
      }
      context.emit(freshnessDone)
    }
  }
}

interface StepJob extends Job {
  readonly step: PlanStep
}

/** The error of a step that ends the command. */
function errorOf(result: RunResult): PlumbError {
  if (result.diagnostics.length > 0) return new PlumbError(result.diagnostics)
  return internalError(result.message ?? `${result.node.unique_id} failed`)
}
