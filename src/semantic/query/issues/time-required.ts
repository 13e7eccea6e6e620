import { type Diagnostic, diagnostic } from '../../../core/diagnostic.js'

/** A metric that only has a meaning over time, asked for without time. */
export function timeRequired(metric: string, why: string): Diagnostic {
  return diagnostic(
    'semantic',
    'metric-time-required',
    `The metric '${metric}' ${why}, so it must be grouped by time.`,
    { hint: "add 'metric_time' to the group by" },
  )
}

/** A range of time in a query that has no time to hold it against. */
export function timeRangeNeedsTime(): Diagnostic {
  return diagnostic(
    'semantic',
    'time-range-without-time',
    'A time range needs a metric, or metric_time in the group by: without either, nothing says which time is meant.',
    { hint: "filter the dimension instead: {{ TimeDimension('...', 'day') }} >= '2020-01-01'" },
  )
}
