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
