import type { Metric, SemanticManifest, TimeWindow } from '../../../../manifest/semantic-manifest.js'
import { isTimeGranularity } from '../../../../sql/granularity.js'
import { error, isSet, ofMetric, type RuleIssue, warning } from '../rule.js'
import { checkWindow, customGrainsOf } from '../windows.js'

/** A cumulative metric has one input, and a window or a grain to date or neither. */
export function* cumulativeMetrics(manifest: SemanticManifest): Iterable<RuleIssue> {
  const customGrains = customGrainsOf(manifest)
  for (const metric of manifest.metrics) {
    if (metric.type === 'cumulative') yield* checkMetric(metric, customGrains)
  }
}

function* checkMetric(metric: Metric, customGrains: ReadonlySet<string>): Iterable<RuleIssue> {
  const subject = ofMetric(metric)
  const params = metric.type_params
  const nested = params.cumulative_type_params
  if (isSet(params.measure) && isSet(nested?.metric)) {
    yield warning(`Of its measure and its metric, the metric '${nested.metric.name}' is used.`, subject)
  } else if (!isSet(params.measure) && !isSet(nested?.metric)) {
    yield warning('A cumulative metric needs a metric to accumulate.', subject)
  }
  if (isSet(params.window) && isSet(nested?.window) && describe(params.window) !== describe(nested.window)) {
    yield error(
      `type_params.window is '${describe(params.window)}', but cumulative_type_params.window '${describe(nested.window)}'.`,
      subject,
      'remove type_params.window',
    )
  }
  const window = nested?.window ?? params.window
  const toDate = nested?.grain_to_date || params.grain_to_date
  if (toDate && !isTimeGranularity(toDate)) {
    yield error(`grain_to_date is '${toDate}'; only standard granularities can be used here.`, subject)
  }
  if (isSet(window) && toDate)
    yield error('A cumulative metric cannot have both a window and a grain_to_date.', subject)
  if (isSet(window)) yield* checkWindow(window, { what: 'The window', subject }, customGrains, false)
}

function describe({ count, granularity }: TimeWindow): string {
  return `${count} ${granularity}`
}
