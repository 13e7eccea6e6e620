import { type Diagnostic, diagnostic } from '../../../core/diagnostic.js'

/** A date part asked of a metric that needs whole dates. */
export function datePartExcluded(text: string, metrics: readonly string[]): Diagnostic {
  return diagnostic(
    'semantic',
    'date-part-not-possible',
    `'${text}': a cumulative metric, or one offset to the start of a period, cannot be grouped by a part of a date (${metrics.join(', ')}).`,
    { hint: 'group by a grain instead' },
  )
}
