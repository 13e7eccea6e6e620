import { LazyEvent, type PlumbEvent } from '../../core/event.js'
import { displayName } from '../node-names.js'
import type { Step } from '../steps/step.js'
import { progressLine } from './line.js'
import { nodeInfo } from './node-info.js'

/** One batch as its events see it. */
export interface BatchView {
  readonly step: Step
  readonly index: number
  readonly total: number
  /** `2024-01-31` */
  readonly label: string
  readonly thread: string
}

function describe({ step, label }: BatchView): string {
  return `batch ${label} of ${displayName(step.node, step.run.session.credentials)}`
}

/** `Batch 1 of 3 START batch 2024-01-01 of main.events .... [RUN]` */
export function batchStart(view: BatchView): PlumbEvent {
  const { step, index, total } = view
  const parts = { text: `START ${describe(view)}`, status: 'RUN', index: index + 1, total }
  return new LazyEvent(
    'LogStartBatch',
    'Q045',
    'info',
    () => ({
      description: describe(view),
      batch_index: index + 1,
      total_batches: total,
      node_info: nodeInfo(step.node, step.progress),
    }),
    () => `Batch ${progressLine(parts, step.run.width)}`,
    view.thread,
  )
}

/** `Batch 1 of 3 OK created batch 2024-01-01 of main.events .... [OK in 0.1s]` */
export function batchResult(
  view: BatchView,
  outcome: 'success' | 'error' | 'skipped',
  message: string,
  seconds: number,
): PlumbEvent {
  const { step, index, total } = view
  const verb = { success: 'OK created', error: 'ERROR creating', skipped: 'SKIP' }[outcome]
  const parts = { text: `${verb} ${describe(view)}`, status: message, index: index + 1, total, seconds }
  return new LazyEvent(
    'LogBatchResult',
    'Q046',
    outcome === 'error' ? 'error' : 'info',
    () => ({
      description: describe(view),
      status: outcome === 'success' ? message : outcome,
      batch_index: index + 1,
      total_batches: total,
      execution_time: seconds,
      group: step.run.groupOf(step.node.unique_id),
      node_info: nodeInfo(step.node, step.progress),
    }),
    () => `Batch ${progressLine(parts, step.run.width)}`,
    view.thread,
  )
}
