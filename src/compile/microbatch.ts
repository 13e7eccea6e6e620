import { formatBatchStart } from '../context/index.js'
import { fail } from '../core/diagnostic.js'
import { PyDateTime, type Value } from '../jinja/index.js'
import type { ModelNode } from '../manifest/index.js'

/** One batch: `start <= event time < end`, UTC. */
export interface Batch {
  readonly start: Date
  readonly end: Date
}

export type BatchSize = 'hour' | 'day' | 'month' | 'year'
const SIZES: readonly BatchSize[] = ['hour', 'day', 'month', 'year']

export interface BatchWindow {
  /** `--event-time-start` and `--event-time-end`. */
  readonly eventTimeStart?: Date | null
  readonly eventTimeEnd?: Date | null
  /** When the run began: the end of the last batch when none is given. */
  readonly now: Date
  /** Does the model add to what is there (else it is built from its `begin`). */
  readonly isIncremental: boolean
  /** How many batches before the last are done again; the model's `lookback` when absent. */
  readonly lookback?: number
}

/**
 * The batches a microbatch model is to be built in, oldest first; the last ends where the window ends.
 * @throws PlumbError for a model without `batch_size` or, when it is needed, `begin`.
 */
export function planBatches(model: ModelNode, window: BatchWindow): Batch[] {
  const size = batchSizeOf(model)
  const end = ceiling(window.eventTimeEnd ?? window.now, size)
  const batches: Batch[] = []
  let start = firstStart(model, window, end, size)
  do {
    const next = shiftBatch(start, size, 1)
    batches.push({ start, end: next })
    start = next
  } while (start < end)
  const last = batches.length - 1
  batches[last] = { start: batches[last]!.start, end }
  return batches
}

/** @throws PlumbError when the model names none, or one that is none. */
export function batchSizeOf(model: ModelNode): BatchSize {
  const size = SIZES.find((s) => s === model.config.batch_size)
  if (size !== undefined) return size
  return fail(
    'runtime',
    'microbatch-size',
    `Microbatch model '${model.name}' does not have a 'batch_size' config (one of ${SIZES.join(', ')}) specified.`,
    { nodeId: model.unique_id, hint: `add batch_size='day' to its config` },
  )
}

/** The model as it is while one batch is built: `model.batch` is set, and references are read through the batch. */
export function withBatch(model: ModelNode, batch: Batch): ModelNode {
  const size = batchSizeOf(model)
  const start = PyDateTime.fromDate(batch.start)
  return {
    ...model,
    depends_on: { ...model.depends_on },
    batch: {
      id: batchId(batch, size),
      event_time_start: start,
      event_time_end: PyDateTime.fromDate(batch.end),
    },
  }
}

/** `20240131`: names a batch where dashes may not stand. */
export function batchId(batch: Batch, size: BatchSize): string {
  return formatBatchStart(PyDateTime.fromDate(batch.start), size).replaceAll('-', '')
}

/**
 * Names a batch's materialization sees before all others.
 * @param incremental batches after the first add to what is there, though the run be a full refresh.
 */
export function batchScopeValues(incremental: boolean): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>()
  if (incremental) {
    values.set('is_incremental', () => true)
    values.set('should_full_refresh', () => false)
  }
  return values
}

function firstStart(model: ModelNode, window: BatchWindow, checkpoint: Date, size: BatchSize): Date {
  if (window.eventTimeStart != null) return truncate(window.eventTimeStart, size)
  if (!window.isIncremental) return truncate(beginOf(model), size)
  let lookback = window.lookback ?? model.config.lookback ?? 1
  // A checkpoint on the line between two batches ends the last one: its start is a whole batch earlier.
  if (checkpoint.getTime() === truncate(checkpoint, size).getTime()) lookback += 1
  return shiftBatch(checkpoint, size, -lookback)
}

function beginOf(model: ModelNode): Date {
  const { begin } = model.config
  const date = typeof begin === 'string' ? parseUtc(begin) : undefined
  if (date !== undefined) return date
  return fail('runtime', 'microbatch-begin', `Microbatch model '${model.name}' requires a 'begin' configuration.`, {
    nodeId: model.unique_id,
    hint: `add begin='2024-01-01' to its config: the start of the first batch`,
  })
}

/** A date or time without a zone is UTC. */
function parseUtc(text: string): Date | undefined {
  const iso = text.trim().replace(' ', 'T')
  const full = /T/.test(iso) ? iso : `${iso}T00:00:00`
  const date = new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(full) ? full : `${full}Z`)
  return Number.isNaN(date.getTime()) ? undefined : date
}

/** The start of the batch a time lies in. */
export function truncate(time: Date, size: BatchSize): Date {
  const [year, month, day, hour] = [time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate(), time.getUTCHours()]
  if (size === 'year') return new Date(Date.UTC(year, 0))
  if (size === 'month') return new Date(Date.UTC(year, month))
  return new Date(size === 'day' ? Date.UTC(year, month, day) : Date.UTC(year, month, day, hour))
}

/** The start of the batch so many batches later (or earlier). */
export function shiftBatch(time: Date, size: BatchSize, count: number): Date {
  const start = truncate(time, size)
  if (size === 'year') return new Date(Date.UTC(start.getUTCFullYear() + count, 0))
  if (size === 'month') return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + count))
  return new Date(start.getTime() + count * (size === 'day' ? 86_400_000 : 3_600_000))
}

/** The end of the batch a time lies in; the time itself when a batch begins there. */
function ceiling(time: Date, size: BatchSize): Date {
  const start = truncate(time, size)
  return start.getTime() === time.getTime() ? start : shiftBatch(start, size, 1)
}
