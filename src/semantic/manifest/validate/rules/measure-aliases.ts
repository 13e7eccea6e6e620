import type { Metric, MetricInputMeasure, SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { checkName } from '../names.js'
import { error, isSet, ofMetric, type RuleIssue, warning } from '../rule.js'

/** A measure that a metric uses with several filters has aliases, and these are like no other name. */
export function* measureAliases({ metrics, semantic_models }: SemanticManifest): Iterable<RuleIssue> {
  const measures = new Set(semantic_models.flatMap((model) => model.measures.map((measure) => measure.name)))
  const aliases = new Map<string, string>()
  for (const metric of metrics) {
    yield* checkRepeated(metric)
    for (const { name, alias } of metric.type_params.input_measures ?? []) {
      if (!isSet(alias)) continue
      yield* checkName(alias, ofMetric(metric))
      if (measures.has(alias)) {
        yield error(`The alias '${alias}' of measure '${name}' is the name of another measure.`, ofMetric(metric))
      }
      const known = aliases.get(alias)
      if (known !== undefined) {
        yield error(`The alias '${alias}' of measure '${name}' is already used by metric '${known}'.`, ofMetric(metric))
      }
      aliases.set(alias, metric.name)
    }
  }
}

function* checkRepeated(metric: Metric): Iterable<RuleIssue> {
  const inputs = new Map<string, MetricInputMeasure[]>()
  for (const input of metric.type_params.input_measures ?? []) {
    inputs.set(input.name, [...(inputs.get(input.name) ?? []), input])
  }
  for (const [name, uses] of inputs) {
    if (uses.length < 2) continue
    if (new Set(uses.map(describeUse)).size === 1) {
      yield warning(`Measure '${name}' is used several times in the same way.`, ofMetric(metric))
    } else if (uses.some((use) => isSet(use.filter) && !isSet(use.alias))) {
      yield error(
        `Measure '${name}' is used with different filters, but not all of these have an alias.`,
        ofMetric(metric),
      )
    }
  }
}

function describeUse({ name, alias, filter, join_to_timespine, fill_nulls_with }: MetricInputMeasure): string {
  return JSON.stringify([name, alias ?? null, filter ?? null, join_to_timespine ?? false, fill_nulls_with ?? null])
}
