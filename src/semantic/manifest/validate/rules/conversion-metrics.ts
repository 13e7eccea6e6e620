import type {
  AggregationType,
  ConversionTypeParams,
  Metric,
  MetricInput,
  MetricInputMeasure,
  SemanticManifest,
  SemanticModel,
} from '../../../../manifest/semantic-manifest.js'
import { indexManifest, type ManifestIndex } from '../metric-inputs.js'
import { error, isSet, ofMetric, type RuleIssue, warning } from '../rule.js'
import { checkWindow, customGrainsOf } from '../windows.js'

/** A conversion metric counts events of two semantic models that share an entity. */
export function* conversionMetrics(manifest: SemanticManifest): Iterable<RuleIssue> {
  const index = indexManifest(manifest)
  const customGrains = customGrainsOf(manifest)
  for (const metric of manifest.metrics) {
    if (metric.type !== 'conversion') continue
    const params = metric.type_params.conversion_type_params
    if (isSet(params)) yield* checkMetric(metric, params, index, customGrains)
    else yield error('A conversion metric needs conversion_type_params.', ofMetric(metric))
  }
}

/** One of the two inputs, given as a metric or, as it used to be, as a measure. */
interface Side {
  readonly name: 'base' | 'conversion'
  readonly measure: MetricInputMeasure | null | undefined
  readonly metric: MetricInput | null | undefined
}

function* checkMetric(
  metric: Metric,
  params: ConversionTypeParams,
  index: ManifestIndex,
  customGrains: ReadonlySet<string>,
): Iterable<RuleIssue> {
  const sides: readonly Side[] = [
    { name: 'base', measure: params.base_measure, metric: params.base_metric },
    { name: 'conversion', measure: params.conversion_measure, metric: params.conversion_metric },
  ]
  const models: SemanticModel[] = []
  for (const side of sides) {
    const found = modelOf(side, metric, index)
    yield* found.issues
    if (found.model !== undefined) models.push(found.model)
  }
  const [base, conversion] = models
  if (base === undefined || conversion === undefined) return
  const subject = ofMetric(metric)
  for (const model of models) {
    if (!model.entities.some((entity) => entity.name === params.entity)) {
      yield error(`Semantic model '${model.name}' has no entity '${params.entity}'.`, subject)
    }
  }
  for (const side of sides) yield* checkAggregation(side, metric, index)
  if (isSet(params.window)) yield* checkWindow(params.window, { what: 'The window', subject }, customGrains, false)
  for (const property of params.constant_properties ?? []) {
    yield* checkProperty(property.base_property, base, subject)
    yield* checkProperty(property.conversion_property, conversion, subject)
  }
}

function modelOf(
  { name, measure, metric }: Side,
  owner: Metric,
  index: ManifestIndex,
): { model: SemanticModel | undefined; issues: RuleIssue[] } {
  const subject = ofMetric(owner)
  const issues: RuleIssue[] = []
  if (isSet(metric)) {
    const type = index.metrics.get(metric.name)?.type ?? 'simple'
    if (type !== 'simple') issues.push(error(`The ${name}_metric '${metric.name}' is ${type}, not simple.`, subject))
    if (isSet(measure)) {
      issues.push(warning(`Of ${name}_measure and ${name}_metric, the metric '${metric.name}' is used.`, subject))
      return { model: undefined, issues }
    }
    const modelName = index.metrics.get(metric.name)?.type_params.metric_aggregation_params?.semantic_model
    const model = modelName === undefined ? undefined : index.models.get(modelName)
    if (model === undefined) {
      issues.push(error(`The ${name}_metric '${metric.name}' is not one of a semantic model.`, subject))
    }
    return { model, issues }
  }
  if (!isSet(measure)) {
    // Counted twice: it is missing, and so is the semantic model it would lead to.
    issues.push(error(`A conversion metric needs a ${name}_metric.`, subject))
    issues.push(error(`Without a ${name}_metric the semantic model of the ${name} events is unknown.`, subject))
    return { model: undefined, issues }
  }
  const model = index.modelOfMeasure.get(measure.name)
  if (model === undefined) issues.push(error(`There is no measure '${measure.name}'.`, subject))
  return { model, issues }
}

function* checkAggregation({ name, measure, metric }: Side, owner: Metric, index: ManifestIndex): Iterable<RuleIssue> {
  const subject = ofMetric(owner)
  const input = metric ?? measure
  if (!isSet(input)) return
  let agg: AggregationType | undefined
  let expr: string | null | undefined
  if (isSet(metric)) {
    const { type_params } = index.metrics.get(metric.name)!
    agg = type_params.metric_aggregation_params?.agg
    expr = type_params.expr
  } else {
    const definition = index.modelOfMeasure.get(input.name)?.measures.find((candidate) => candidate.name === input.name)
    agg = definition?.agg
    expr = definition?.expr
  }
  if (agg !== 'count' && agg !== 'count_distinct' && !(agg === 'sum' && expr === '1')) {
    yield error(
      `The ${name} input '${input.name}' has the aggregation '${agg}', but conversions are counted.`,
      subject,
      "use count, count_distinct, or sum with 'expr: 1'",
    )
  }
  if (name === 'conversion' && isSet(input.filter)) {
    yield warning(`Other servers of metrics do not apply the filter of the conversion input '${input.name}'.`, subject)
  }
}

function* checkProperty(name: string, model: SemanticModel, subject: string): Iterable<RuleIssue> {
  const known = [...model.entities, ...model.dimensions].some((element) => element.name === name)
  if (!known) yield error(`The constant property '${name}' is not in semantic model '${model.name}'.`, subject)
}
