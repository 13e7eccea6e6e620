import { fail } from '../core/diagnostic.js'
import { closestNames } from '../core/did-you-mean.js'
import type { SemanticManifest } from '../manifest/semantic-manifest.js'
import { coarserGrain, coarsestGrainFor, grainRank, type TimeGranularity } from '../sql/granularity.js'
import { type ExpressionText, readExpression } from '../sql/plan/text/expression.js'
import { ElementMap } from './graph/elements.js'
import { buildModelNodes, type ModelNode } from './graph/model-node.js'
import { type GroupByItem, isMetricTime } from './group-by-item.js'
import { defineMetric } from './metrics/define.js'
import type { MetricDefinition, MetricInputDefinition, SimpleMetric } from './metrics/definition.js'
import { TimeSpines } from './time-spine.js'

/**
 * The look-ups over one manifest. Built in time linear in the manifest; what depends on one model or one metric is
 * computed when it is first asked for, and kept.
 */
export class SemanticCatalog {
  readonly manifest: SemanticManifest
  readonly models: ReadonlyMap<string, ModelNode>
  readonly spines: TimeSpines
  readonly elements: ElementMap
  readonly #metrics: ReadonlyMap<string, SemanticManifest['metrics'][number]>
  readonly #definitions = new Map<string, MetricDefinition>()
  readonly #leaves = new Map<string, readonly SimpleMetric[]>()
  readonly #finestGrain = new Map<string, TimeGranularity>()
  readonly #expressions: Map<string, ExpressionText>
  readonly #opaque: Map<string, boolean>
  readonly #base: SemanticCatalog | undefined

  /** `manifest` must be in the planned form: see `toPlannedManifest`. */
  constructor(manifest: SemanticManifest, base?: SemanticCatalog) {
    this.manifest = manifest
    this.models = base?.models ?? buildModelNodes(manifest.semantic_models)
    this.spines = base?.spines ?? new TimeSpines(manifest)
    this.elements = base?.elements ?? new ElementMap([...this.spines.customGrains.values()])
    this.#metrics =
      base === undefined ? new Map(manifest.metrics.map((metric) => [metric.name, metric])) : base.#metrics
    this.#expressions = base === undefined ? new Map() : base.#expressions
    this.#opaque = base === undefined ? new Map() : base.#opaque
    this.#base = base
  }

  /** This catalog with definitions that only one query has. */
  withMetrics(definitions: readonly MetricDefinition[]): SemanticCatalog {
    if (definitions.length === 0) return this
    const catalog = new SemanticCatalog(this.manifest, this)
    for (const definition of definitions) catalog.#definitions.set(definition.name, definition)
    return catalog
  }

  get metricNames(): readonly string[] {
    return [...this.#metrics.keys()]
  }

  hasMetric(name: string): boolean {
    return this.#metrics.has(name)
  }

  /** @throws PlumbError if there is no such metric or its definition cannot be used. */
  metric(name: string): MetricDefinition {
    let definition = this.#definitions.get(name)
    if (definition === undefined && this.#base !== undefined) return this.#base.metric(name)
    if (definition === undefined) {
      const metric = this.#metrics.get(name)
      if (metric === undefined) {
        const near = closestNames(name, this.#metrics.keys())
        fail('semantic', 'metric-not-found', `There is no metric '${name}'.`, {
          hint: near.length > 0 ? `did you mean ${near.map((n) => `'${n}'`).join(' or ')}?` : undefined,
        })
      }
      definition = defineMetric(metric, this.models)
      this.#definitions.set(name, definition)
    }
    return definition
  }

  /** A metric that must be simple: the input of a cumulative or conversion metric. */
  simpleMetric(name: string, user: string): SimpleMetric {
    const definition = this.metric(name)
    if (definition.type !== 'simple') {
      fail(
        'semantic',
        'input-not-simple',
        `Metric '${user}' uses '${name}', which must be a simple metric but is ${definition.type}.`,
      )
    }
    return definition
  }

  /** The parts of an author's expression. */
  expression(text: string): ExpressionText {
    let parts = this.#expressions.get(text)
    if (parts === undefined) {
      parts = readExpression(text)
      this.#expressions.set(text, parts)
    }
    return parts
  }

  /** Whether some expression of the model can only stand in a scope where its table is alone. */
  isOpaque(model: ModelNode): boolean {
    let opaque = this.#opaque.get(model.name)
    if (opaque === undefined) {
      const elements = [...model.entities.values(), ...model.dimensions.values()].map((element) => element.expr)
      const metrics = this.manifest.metrics
        .filter((metric) => metric.type_params.metric_aggregation_params?.semantic_model === model.name)
        .map((metric) => metric.type_params.expr)
      opaque = [...elements, ...metrics].some((text) => text != null && !this.expression(text).certain)
      this.#opaque.set(model.name, opaque)
    }
    return opaque
  }

  /** The simple metrics whose models decide what a metric can be grouped by. */
  leaves(name: string, path: readonly string[] = []): readonly SimpleMetric[] {
    const known = this.#leaves.get(name)
    if (known !== undefined) return known
    if (path.includes(name)) {
      fail('semantic', 'metric-cycle', `Metrics are defined in a circle: ${[...path, name].join(' -> ')}.`)
    }
    const definition = this.metric(name)
    const leaves =
      definition.type === 'simple'
        ? [definition]
        : groupingInputs(definition).flatMap((input) => this.leaves(input.name, [...path, name]))
    const unique = [...new Set(leaves)]
    this.#leaves.set(name, unique)
    return unique
  }

  /** The finest grain at which a metric can be seen over `metric_time`. */
  finestGrain(name: string): TimeGranularity {
    let grain = this.#finestGrain.get(name)
    if (grain === undefined) {
      const definition = this.metric(name)
      grain =
        definition.type === 'simple'
          ? definition.aggTimeGrain
          : inputsOf(definition)
              .map((input) => this.finestGrain(input.name))
              .reduce(coarserGrain)
      this.#finestGrain.set(name, grain)
    }
    return grain
  }

  /** The grain of `metric_time` when the query does not say: the metric's own, or days, or the finest there is. */
  defaultGrain(name: string): TimeGranularity {
    return this.metric(name).timeGranularity ?? coarserGrain('day', this.finestGrain(name))
  }

  /** Whether an item is the time over which the metric is aggregated, by whatever name. */
  isAggregationTime(name: string, item: GroupByItem): boolean {
    return this.leaves(name).every((leaf) => isAggregationTimeOf(leaf, item))
  }

  /** Cumulative metrics and those offset to the start of a period cannot be seen by a part of a date. */
  allowsDateParts(name: string): boolean {
    const definition = this.metric(name)
    if (definition.type === 'cumulative') return false
    const inputs = groupingInputs(definition)
    return inputs.every((input) => input.offsetToGrain === undefined && this.allowsDateParts(input.name))
  }

  /** Whether the metric can be computed without any time: needed where it is joined to rows of an entity. */
  isTimeless(name: string): boolean {
    const definition = this.metric(name)
    if (definition.type === 'cumulative' && (definition.window || definition.grainToDate)) return false
    const inputs = groupingInputs(definition)
    return inputs.every((input) => !input.offsetToGrain && !input.offsetWindow && this.isTimeless(input.name))
  }
}

/** All metrics a metric is computed from. */
export function inputsOf(definition: MetricDefinition): readonly MetricInputDefinition[] {
  switch (definition.type) {
    case 'simple':
      return []
    case 'cumulative':
    case 'share':
      return [definition.input]
    case 'conversion':
      return [definition.base, definition.conversion]
    case 'ratio':
    case 'derived':
      return definition.inputs
  }
}

/** The inputs that decide what a metric can be grouped by: not the conversions, which take over the base's. */
export function groupingInputs(definition: MetricDefinition): readonly MetricInputDefinition[] {
  return definition.type === 'conversion' ? [definition.base] : inputsOf(definition)
}

export function isAggregationTimeOf(metric: SimpleMetric, item: GroupByItem): boolean {
  if (item.kind !== 'time') return false
  const grain = item.grain?.base ?? coarsestGrainFor(item.part ?? 'day')
  if (grainRank(grain) < grainRank(metric.aggTimeGrain)) return false
  if (isMetricTime(item)) return true
  const [prefix] = item.path
  return item.element === metric.aggTime && item.path.length === 1 && metric.model.prefixes.includes(prefix ?? '')
}
