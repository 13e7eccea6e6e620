import { type HostObject, py, type Value } from '../jinja/index.js'
import type { FunctionNode, ManifestNode, ModelNode, SourceDefinition } from '../manifest/index.js'
import type { EventTimeFilter } from './objects/event-time-filter.js'
import type { TimeWindow } from './sample-window.js'
import type { TemplateSession } from './session.js'
import type { ScopeSubject } from './subject.js'

type TimedTarget = ManifestNode | SourceDefinition | FunctionNode

/**
 * The time window a reference from `subject` to `target` is read through: the batch of a microbatch model, `--sample`,
 * or what both have in common. Null when the target names no `event_time` or there is no window.
 */
export function eventTimeFilterFor(
  session: TemplateSession,
  subject: ScopeSubject,
  target: TimedTarget,
): EventTimeFilter | null {
  const eventTime = target.config['event_time']
  if (typeof eventTime !== 'string' || eventTime === '') return null
  if (subject.resource_type !== 'model' && subject.resource_type !== 'snapshot') return null
  const batch = subject.resource_type === 'model' && runsInBatches(session, subject) ? subject.batch : null
  const sample = session.sampleWindow
  if (batch == null) return sample && { fieldName: fieldName(session, target, eventTime), ...sample }
  const window = { start: batch.event_time_start as Value, end: batch.event_time_end as Value }
  return { fieldName: fieldName(session, target, eventTime), ...intersection(window, sample) }
}

/** Is the model a microbatch one whose batches are run one by one (its strategy macro is the built-in one). */
export function runsInBatches(session: TemplateSession, model: ModelNode): boolean {
  if (model.config.materialized !== 'incremental' || model.config.incremental_strategy !== 'microbatch') return false
  if (session.flags.behavior['require_batched_execution_for_custom_microbatch_strategy'] === true) return true
  return session.macros.isBuiltin('get_incremental_microbatch_sql')
}

function intersection(batch: TimeWindow, sample: TimeWindow | null): TimeWindow {
  if (sample === null) return batch
  return {
    start: isBefore(batch.start, sample.start) ? sample.start : batch.start,
    end: isBefore(sample.end, batch.end) ? sample.end : batch.end,
  }
}

function isBefore(a: Value, b: Value): boolean {
  return (a as HostObject)[py.lt]?.(b) === true
}

/** The `event_time` column as SQL; quoted when the column, or else the source, is declared to be quoted. */
function fieldName(session: TemplateSession, target: TimedTarget, eventTime: string): string {
  const columns = 'columns' in target ? Object.values(target.columns) : []
  const column = columns.find((c) => c.name === eventTime)
  const quoting = 'quoting' in target ? target.quoting.column : null
  return (column?.quote ?? quoting) === true ? session.plugin.dialect.quoteIdentifier(eventTime) : eventTime
}
