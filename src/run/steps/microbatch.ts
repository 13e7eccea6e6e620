import {
  type Batch,
  type BatchWindow,
  batchScopeValues,
  compileNode,
  planBatches,
  withBatch,
} from '../../compile/index.js'
import { ConnectionHolder, findRelation, formatBatchStart, runsInBatches } from '../../context/index.js'
import { type Diagnostic, PlumbError } from '../../core/diagnostic.js'
import { type EventSink, eventWithin } from '../../core/event.js'
import { PyDateTime, parseTemplate, readsName, toStr } from '../../jinja/index.js'
import type { ModelNode } from '../../manifest/index.js'
import { batchResult, batchStart } from '../events/batch-events.js'
import { errorMessage } from '../explain-error.js'
import { type BatchTally, isoBatch, mergeBatches } from '../merge-batches.js'
import type { Outcome } from '../outcome.js'
import { workerName } from '../slots.js'
import { parseUtc } from '../times.js'
import { build, modelStep, scopeOf } from './model.js'
import { nodeAs, type Step, type StepHandler, scopeOptions } from './step.js'

/** Builds a model; one of strategy `microbatch` is built batch by batch. */
export const microbatchStep: StepHandler = {
  ...modelStep,
  async compile(step) {
    // Every batch is compiled by itself: the SQL depends on it.
    return isBatched(step) ? undefined : await modelStep.compile?.(step)
  },
  execute: (step) => (isBatched(step) ? runBatches(step, nodeAs(step.node, 'model')) : modelStep.execute(step)),
}

function isBatched(step: Step): boolean {
  return step.node.resource_type === 'model' && runsInBatches(step.run.session, step.node)
}

interface Batches {
  readonly model: ModelNode
  readonly list: readonly Batch[]
  readonly tally: BatchTally
  readonly diagnostics: Diagnostic[]
}

/**
 * The first batch runs alone (it may create the relation), those between at once as far as workers are idle, the last
 * alone again, so that post-hooks come at the end. When the first one fails the others are not tried.
 */
async function runBatches(step: Step, model: ModelNode): Promise<Outcome> {
  const existing = await existingRelation(step, model)
  const incremental = existing === 'table' && !fullRefresh(step, model)
  const retried = step.run.previousBatches.get(model.unique_id)
  const list = retried?.failed.map(readBatch) ?? planBatches(model, windowOf(step, incremental))
  const batches: Batches = { model, list, tally: { successful: [], failed: [] }, diagnostics: [] }
  if (list.length === 0) return { status: 'success', message: '', failures: 0, batches: batches.tally }
  const firstIsGood = await runBatch(step, batches, 0, step.connection, step.thread, incremental)
  const concurrent = mayRunConcurrently(step, model)
  const underWay: Promise<unknown>[] = []
  for (let index = 1; index < list.length - 1; index++) {
    const worker = firstIsGood && concurrent && !step.run.stopped() ? step.run.slots.take() : null
    if (!firstIsGood) skipBatch(step, batches, index)
    else if (worker === null) await runBatch(step, batches, index, step.connection, step.thread, true)
    else underWay.push(runOnWorker(step, batches, index, worker))
  }
  await Promise.all(underWay)
  if (list.length > 1) {
    if (firstIsGood) await runBatch(step, batches, list.length - 1, step.connection, step.thread, true)
    else skipBatch(step, batches, list.length - 1)
  }
  return { ...mergeBatches(batches.tally, retried?.successful ?? []), diagnostics: batches.diagnostics }
}

async function runOnWorker(step: Step, batches: Batches, index: number, worker: number): Promise<void> {
  const tell: EventSink = (event) => step.run.emit(eventWithin(event, step.eventData, workerName(worker)))
  const connection = new ConnectionHolder(step.run.session.adapter!, step.node.unique_id, step.node, tell)
  try {
    await runBatch(step, batches, index, connection, workerName(worker), true)
  } finally {
    await connection.release()
    step.run.slots.give(worker)
  }
}

/** Builds one batch; true when that went well. An error is the batch's, not the model's. */
async function runBatch(
  step: Step,
  batches: Batches,
  index: number,
  connection: ConnectionHolder,
  thread: string,
  incremental: boolean,
): Promise<boolean> {
  const { run } = step
  const batch = batches.list[index]!
  const view = { step, index, total: batches.list.length, label: labelOf(batches.model, batch), thread }
  if (run.stopped()) {
    batches.tally.failed.push(isoBatch(batch))
    return false
  }
  run.emit(batchStart(view))
  const node = nodeOfBatch(batches, index)
  const started = performance.now()
  const seconds = (): number => (performance.now() - started) / 1000
  try {
    const batchStep: Step = { ...step, node, connection, thread }
    await compileNode(run.session, node, { ...scopeOptions(batchStep), splitSuffix: view.label })
    const { outcome } = await build(batchStep, node, batchScopeValues(incremental))
    batches.tally.successful.push(isoBatch(batch))
    run.emit(batchResult(view, 'success', outcome.message ?? '', seconds()))
    return true
  } catch (error) {
    batches.tally.failed.push(isoBatch(batch))
    const message = errorMessage(error, node, run.session)
    if (error instanceof PlumbError) batches.diagnostics.push(...error.diagnostics)
    run.emit({
      name: 'GenericExceptionOnRun',
      code: 'W004',
      level: 'error',
      msg: `Unhandled error while executing ${node.unique_id}\nException on worker thread. ${message}`,
      data: { unique_id: node.unique_id, exc: `Exception on worker thread. ${message}` },
    })
    run.emit(batchResult(view, 'error', 'ERROR', seconds()))
    return false
  } finally {
    await connection.current?.rollback()
  }
}

function skipBatch(step: Step, batches: Batches, index: number): void {
  const batch = batches.list[index]!
  batches.tally.failed.push(isoBatch(batch))
  const view = { step, index, total: batches.list.length, label: labelOf(batches.model, batch), thread: step.thread }
  step.run.emit(batchResult(view, 'skipped', 'SKIPPED', 0))
}

/** The model as this batch sees it; hooks come with the first and the last batch only. */
function nodeOfBatch({ model, list }: Batches, index: number): ModelNode {
  const batch = list[index]!
  const node = withBatch(model, batch)
  const config = { ...model.config }
  if (index !== 0) config['pre-hook'] = []
  if (index !== list.length - 1) config['post-hook'] = []
  // Older macros read the batch from the config.
  config['__dbt_internal_microbatch_event_time_start'] = node.batch?.event_time_start
  config['__dbt_internal_microbatch_event_time_end'] = node.batch?.event_time_end
  return { ...node, config, compiled: false }
}

function labelOf(model: ModelNode, batch: Batch): string {
  return formatBatchStart(PyDateTime.fromDate(batch.start), model.config.batch_size ?? null)
}

/** Batches that read the model's own relation must come one after the other. */
function mayRunConcurrently(step: Step, model: ModelNode): boolean {
  if (step.run.session.plugin.capabilities.microbatchConcurrency !== true) return false
  return (
    model.config.concurrent_batches ??
    !readsName(parseTemplate(model.raw_code, { file: model.original_file_path }), 'this')
  )
}

async function existingRelation(step: Step, model: ModelNode): Promise<string | null> {
  const scope = scopeOf(step, model)
  const name = { database: model.database, schema: model.schema, identifier: model.alias }
  return (await findRelation(scope, name))?.type ?? null
}

function fullRefresh(step: Step, model: ModelNode): boolean {
  return model.config.full_refresh ?? step.run.session.flags.fullRefresh
}

function windowOf(step: Step, isIncremental: boolean): BatchWindow {
  const { flags, sampleWindow } = step.run.session
  const time = (text: string | null): Date | null => (text === null ? null : parseUtc(text))
  return {
    isIncremental,
    eventTimeStart: sampleWindow === null ? time(flags.eventTimeStart) : parseUtc(toStr(sampleWindow.start)),
    eventTimeEnd: sampleWindow === null ? time(flags.eventTimeEnd) : parseUtc(toStr(sampleWindow.end)),
    now: step.run.startedAt,
  }
}

function readBatch([start, end]: readonly [string, string]): Batch {
  return { start: parseUtc(start), end: parseUtc(end) }
}
