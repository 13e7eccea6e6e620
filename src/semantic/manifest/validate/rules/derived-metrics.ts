import type { Metric, SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { isTimeGranularity } from '../../../../sql/granularity.js'
import { nearest } from '../../../query/suggestions.js'
import { checkName } from '../names.js'
import { error, isSet, ofMetric, type RuleIssue, warning } from '../rule.js'
import { checkWindow, customGrainsOf } from '../windows.js'

/** The inputs of a derived metric exist, are in its expression, and are moved in time in one way at most. */
export function* derivedMetrics(manifest: SemanticManifest): Iterable<RuleIssue> {
  const names = new Set(manifest.metrics.map((metric) => metric.name))
  const customGrains = customGrainsOf(manifest)
  for (const metric of manifest.metrics) {
    if (metric.type === 'derived') {
      yield* checkInputs(metric, names)
      yield* checkAliases(metric)
      yield* checkExpression(metric)
    }
    yield* checkOffsets(metric, customGrains)
  }
}

function* checkInputs(metric: Metric, names: ReadonlySet<string>): Iterable<RuleIssue> {
  const inputs = metric.type_params.metrics ?? []
  if (inputs.length === 0) yield error('A derived metric needs type_params.metrics.', ofMetric(metric))
  for (const { name } of inputs) {
    if (!names.has(name)) yield error(`There is no metric '${name}'.`, ofMetric(metric), nearest(name, [...names]))
  }
}

function* checkAliases(metric: Metric): Iterable<RuleIssue> {
  const inputs = metric.type_params.metrics ?? []
  const names = new Set(inputs.map((input) => input.name))
  const aliases = new Set<string>()
  for (const { name, alias } of inputs) {
    if (!alias) continue
    yield* checkName(alias, ofMetric(metric))
    if (names.has(alias)) {
      yield error(`The alias '${alias}' of metric '${name}' is the name of another input.`, ofMetric(metric))
    }
    if (aliases.has(alias)) yield warning(`The alias '${alias}' is that of several inputs.`, ofMetric(metric))
    aliases.add(alias)
  }
}

function* checkExpression(metric: Metric): Iterable<RuleIssue> {
  const { expr, metrics } = metric.type_params
  if (!expr) {
    yield warning('A derived metric needs an expr, made of its inputs.', ofMetric(metric))
    return
  }
  for (const { name, alias } of metrics ?? []) {
    if (!expr.includes(alias || name)) {
      yield warning(`The input '${alias || name}' is not used in the expr '${expr}'.`, ofMetric(metric))
    }
  }
}

function* checkOffsets(metric: Metric, customGrains: ReadonlySet<string>): Iterable<RuleIssue> {
  const subject = ofMetric(metric)
  for (const { name, offset_window, offset_to_grain } of metric.type_params.metrics ?? []) {
    if (isSet(offset_window)) {
      yield* checkWindow(offset_window, { what: `offset_window of '${name}'`, subject }, customGrains, true)
    }
    if (offset_to_grain && !isTimeGranularity(offset_to_grain)) {
      yield error(
        `offset_to_grain of '${name}' is '${offset_to_grain}'; only standard granularities can be used here.`,
        subject,
      )
    }
    if (isSet(offset_window) && offset_to_grain) {
      yield error(`The input '${name}' cannot have both an offset_window and an offset_to_grain.`, subject)
    }
  }
}
