import type { Batch } from '../compile/index.js'
import type { Outcome } from './outcome.js'
import { pythonIso } from './times.js'

/** Batches as artifacts keep them: start and end. */
export type IsoBatch = readonly [string, string]

/** Which batches went well so far. */
export interface BatchTally {
  readonly successful: IsoBatch[]
  readonly failed: IsoBatch[]
}

export function isoBatch(batch: Batch): IsoBatch {
  return [pythonIso(batch.start), pythonIso(batch.end)]
}

/**
 * What a model's batches come to together: success, error, or a partial success.
 * @param before batches that went well in an earlier run which this one repeats.
 */
export function mergeBatches(tally: BatchTally, before: readonly IsoBatch[]): Outcome {
  const successes = tally.successful.length
  const failures = tally.failed.length
  const inOrder = (batches: readonly IsoBatch[]): IsoBatch[] =>
    batches.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const batches = { successful: [...inOrder(tally.successful), ...before], failed: inOrder(tally.failed) }
  if (failures === 0) return { status: 'success', message: 'SUCCESS', failures: 0, batches }
  if (successes === 0) return { status: 'error', message: 'ERROR', failures: 0, batches }
  const message = `PARTIAL SUCCESS (${successes}/${successes + failures})`
  return { status: 'partial success', message, failures: 0, batches }
}
