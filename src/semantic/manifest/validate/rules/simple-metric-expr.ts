import type { Measure, SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { error, isSet, ofMetric, type RuleIssue, warning } from '../rule.js'

/** The expression of a simple metric on a measure is the measure's. */
export function* simpleMetricExpr({ metrics, semantic_models }: SemanticManifest): Iterable<RuleIssue> {
  const measures = new Map<string, Measure>()
  for (const measure of semantic_models.flatMap((model) => model.measures)) measures.set(measure.name, measure)
  for (const metric of metrics) {
    const input = metric.type === 'simple' ? metric.type_params.measure : undefined
    if (!isSet(input)) continue
    const measure = measures.get(input.name)
    const { expr } = metric.type_params
    if (measure === undefined) yield error(`There is no measure '${input.name}'.`, ofMetric(metric))
    else if (isSet(expr) && expr !== measure.expr && expr !== measure.name) {
      yield warning(
        `The expr '${expr}' is not used: the metric is that of measure '${measure.name}'.`,
        ofMetric(metric),
      )
    }
  }
}
