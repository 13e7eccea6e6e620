import { fail } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import type { Json, JsonObject, MetricNode, SemanticModelNode } from '../../manifest/index.js'
import { blame, type ParseState } from '../state.js'

type Input = { readonly name: string }

/** Fills in the measures metrics come down to, and what they depend on. */
export class MetricResolver {
  readonly #byMeasure = new Map<string, Map<string, SemanticModelNode>>()
  readonly #open = new Set<MetricNode>()

  constructor(readonly state: ParseState) {
    const { manifest } = state
    for (const model of Object.values(manifest.semantic_models)) this.#addMeasures(model)
    for (const nodes of Object.values(manifest.disabled)) {
      for (const node of nodes) if (node.resource_type === 'semantic_model') this.#addMeasures(node)
    }
  }

  #addMeasures(model: SemanticModelNode): void {
    for (const measure of model.measures) {
      const name = String(measure['name'])
      const packages = this.#byMeasure.get(name)
      if (packages === undefined) this.#byMeasure.set(name, new Map([[model.package_name, model]]))
      else packages.set(model.package_name, model)
    }
  }

  /** @throws PlumbError when a measure or metric it is made of is missing, disabled, or it is made of itself. */
  resolve(metric: MetricNode): void {
    const params = metric.type_params
    if ((params['input_measures'] as Json[]).length > 0) return
    try {
      if (this.#open.has(metric)) {
        fail('parsing', 'metric-cycle', `The metric \`${metric.name}\` is defined by itself`)
      }
      this.#open.add(metric)
      this.#resolve(metric, params)
    } catch (error) {
      throw blame(error, metric)
    } finally {
      this.#open.delete(metric)
    }
  }

  #resolve(metric: MetricNode, params: JsonObject): void {
    switch (metric.type) {
      case 'simple':
      case 'cumulative':
        if (params['measure'] === null) {
          // Metrics that aggregate by themselves (`agg:`) name their model instead of a measure.
          if (params['metric_aggregation_params'] !== null) {
            this.#dependOnModel(metric)
            return
          }
          const { metric: input } = (params['cumulative_type_params'] ?? {}) as { readonly metric?: Input | null }
          if (metric.type === 'cumulative' && input) {
            this.#addMetrics(metric, [input])
            return
          }
          fail('parsing', 'metric-invalid', `${metric.name} should have a measure defined, but it does not.`)
        }
        this.#addModels(metric, [params['measure'] as JsonObject])
        return
      case 'conversion': {
        const conversion = params['conversion_type_params'] as JsonObject | null
        if (conversion === null) {
          fail(
            'parsing',
            'metric-invalid',
            `${metric.name} is a conversion metric and must have conversion_type_params defined.`,
          )
        }
        if (conversion['base_metric'] && conversion['conversion_metric']) {
          this.#addMetrics(metric, [conversion['base_metric'], conversion['conversion_metric']] as unknown as Input[])
          return
        }
        this.#addModels(metric, [
          conversion['base_measure'] as JsonObject,
          conversion['conversion_measure'] as JsonObject,
        ])
        return
      }
      case 'ratio': {
        const { numerator, denominator } = params
        if (numerator === null || denominator === null) {
          fail('parsing', 'metric-invalid', 'Invalid ratio metric. Both a numerator and denominator must be specified')
        }
        this.#addMetrics(metric, [numerator as unknown as Input, denominator as unknown as Input])
        return
      }
      case 'derived':
        this.#addMetrics(metric, (params['metrics'] ?? []) as unknown as Input[])
        return
    }
  }

  #dependOnModel(metric: MetricNode): void {
    const { semantic_model: name } = metric.type_params['metric_aggregation_params'] as JsonObject
    const model = Object.values(this.state.manifest.semantic_models).find((m) => m.name === name)
    if (model !== undefined) addNode(metric, model.unique_id)
  }

  #addModels(metric: MetricNode, measures: readonly JsonObject[]): void {
    for (const measure of measures) addInput(metric, measure)
    for (const measure of metric.type_params['input_measures'] as JsonObject[]) {
      const name = String(measure['name'])
      const model = this.#modelOf(name, metric.package_name)
      if (model === undefined) {
        fail(
          'parsing',
          'measure-not-found',
          `A semantic model having a measure \`${name}\` does not exist but was referenced.`,
          { hint: didYouMean(name, this.#byMeasure.keys()) },
        )
      }
      if (!model.config.enabled) {
        fail(
          'parsing',
          'measure-disabled',
          `The measure \`${name}\` is referenced on disabled semantic model \`${model.name}\`.`,
        )
      }
      addNode(metric, model.unique_id)
    }
  }

  #modelOf(measure: string, fromPackage: string): SemanticModelNode | undefined {
    const packages = this.#byMeasure.get(measure)
    const root = this.state.project.root.name
    return packages?.get(root) ?? packages?.get(fromPackage) ?? packages?.values().next().value
  }

  #addMetrics(metric: MetricNode, inputs: readonly Input[]): void {
    const { lookup } = this.state.session
    for (const { name } of inputs) {
      const found = lookup.metric(name, null, metric.package_name)
      if (found === undefined) {
        fail(
          'parsing',
          'metric-not-found',
          `The metric \`${name}\` does not exist but was referenced by metric \`${metric.name}\`.`,
          { hint: didYouMean(name, lookup.metricNames()) },
        )
      }
      if ('disabled' in found) {
        fail('parsing', 'metric-disabled', `The metric \`${name}\` is disabled and thus cannot be referenced.`)
      }
      this.resolve(found.node)
      for (const measure of found.node.type_params['input_measures'] as JsonObject[]) addInput(metric, measure)
      addNode(metric, found.node.unique_id)
    }
  }
}

function addInput(metric: MetricNode, measure: JsonObject): void {
  const inputs = metric.type_params['input_measures'] as JsonObject[]
  const text = JSON.stringify(measure)
  if (!inputs.some((other) => JSON.stringify(other) === text)) inputs.push(measure)
}

function addNode(metric: MetricNode, id: string): void {
  if (!metric.depends_on.nodes.includes(id)) metric.depends_on.nodes.push(id)
}
