import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { error, isSet, ofMetric, type RuleIssue } from '../rule.js'

/** No two metrics have the same label. */
export function* metricLabels({ metrics }: SemanticManifest): Iterable<RuleIssue> {
  const first = new Map<string, string>()
  for (const metric of metrics) {
    if (!isSet(metric.label)) continue
    const known = first.get(metric.label)
    if (known === undefined) first.set(metric.label, metric.name)
    else yield error(`The label '${metric.label}' is already that of metric '${known}'.`, ofMetric(metric))
  }
}
