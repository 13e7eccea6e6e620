import type { SemanticManifest } from '../../../src/manifest/semantic-manifest.js'
import { randomFilter, type Vocabulary } from './differential-queries.js'
import type { Random } from './differential-random.js'

type Json = Record<string, unknown>

/** The manifest with random measures, metrics of every type and saved queries added, in the form that dbt 1.11 writes. */
export function withRandomMetrics(words: Vocabulary, count: number, random: Random): SemanticManifest {
  const manifest = structuredClone(words.manifest) as unknown as {
    semantic_models: (Json & { name: string; measures: (Json & { name: string })[] })[]
    metrics: (Json & { name: string })[]
    saved_queries: Json[]
  }
  for (const model of manifest.semantic_models) addMeasures(model, random)
  const measures = manifest.semantic_models.flatMap((model) => model.measures.map((measure) => measure.name))
  if (measures.length === 0) return words.manifest
  const inputs = words.metrics.filter((name) => words.engine.listMetrics().some((metric) => metric.name === name))
  const made: string[] = []
  for (let index = 0; index < count; index++) {
    const name = `random_${index}`
    // Filters speak of what the manifest had before; new metrics are inputs too.
    const names = made.length > 0 && random.chance(0.35) ? made : inputs
    const metric = randomMetric(name, { words, random, measures, names })
    if (metric === undefined) continue
    manifest.metrics.push({ ...metric, name })
    made.push(name)
  }
  for (let index = 0; index < 6; index++) manifest.saved_queries.push(randomSavedQuery(`saved_${index}`, words, random))
  return manifest as unknown as SemanticManifest
}

interface Making {
  readonly words: Vocabulary
  readonly random: Random
  readonly measures: readonly string[]
  readonly names: readonly string[]
}

/** Other aggregations of what a model measures already, semi-additive ones and other times among them. */
function addMeasures(model: Json & { measures: (Json & { name: string })[] }, random: Random): void {
  const entities = (model.entities as { name: string }[]).map((entity) => entity.name)
  const times = (model.dimensions as { name: string; type: string; type_params?: { time_granularity?: string } }[])
    .filter((dimension) => dimension.type === 'time')
    .map((dimension) => dimension.name)
  for (const measure of [...model.measures]) {
    if (!['sum', 'average', 'max'].includes(String(measure.agg)) || !random.chance(0.7)) continue
    const agg = random.pick(['sum', 'min', 'max', 'average', 'count', 'count_distinct', 'median', 'percentile', 'sum'])
    const ownTime = times.length > 0 && random.chance(0.3) ? random.pick(times) : null
    const defaults = model.defaults as { agg_time_dimension?: string } | null
    const time = ownTime ?? (measure.agg_time_dimension as string | null) ?? defaults?.agg_time_dimension
    const semiAdditive = agg === 'sum' && time !== undefined && random.chance(0.5)
    model.measures.push({
      ...measure,
      name: `random_${measure.name}`,
      agg,
      create_metric: false,
      expr: measure.expr ?? measure.name,
      agg_params:
        agg === 'percentile'
          ? {
              percentile: random.pick([0.1, 0.5, 0.95]),
              use_discrete_percentile: random.chance(0.5),
              use_approximate_percentile: false,
            }
          : null,
      ...(ownTime === null ? {} : { agg_time_dimension: ownTime }),
      non_additive_dimension: semiAdditive
        ? {
            name: time,
            window_choice: random.pick(['min', 'max']),
            window_groupings: random.some(entities, random.pick([0, 1, 1, 2])),
          }
        : null,
    })
  }
}

function randomMetric(name: string, making: Making): Json | undefined {
  const { random } = making
  const kind = random.next()
  if (kind < 0.2) return metric('simple', { measure: inputMeasure(making) }, making)
  if (kind < 0.38) {
    const window = random.chance(0.5) ? randomWindow(making, false) : null
    const toDate = window === null && random.chance(0.6) ? random.pick(['week', 'month', 'quarter', 'year']) : null
    const cumulative = { window, grain_to_date: toDate, period_agg: random.pick(['first', 'last', 'average']) }
    return metric('cumulative', { measure: inputMeasure(making), cumulative_type_params: cumulative }, making)
  }
  if (kind < 0.5) {
    return metric('ratio', { numerator: input(making, false), denominator: input(making, false) }, making)
  }
  if (kind < 0.62) return conversion(making)
  return derived(name, making)
}

function metric(type: string, params: Json, { words, random, names }: Making): Json {
  return {
    type,
    description: null,
    label: null,
    metadata: null,
    config: { meta: {} },
    type_params: {
      measure: null,
      numerator: null,
      denominator: null,
      expr: null,
      window: null,
      grain_to_date: null,
      metrics: [],
      conversion_type_params: null,
      cumulative_type_params: null,
      input_measures: [],
      ...params,
    },
    filter: random.chance(0.2) ? filterOf(words, names, random) : null,
    time_granularity: random.chance(0.08) ? random.pick(['week', 'month']) : null,
  }
}

function filterOf(words: Vocabulary, names: readonly string[], random: Random): Json {
  const known = names.filter((name) => words.metrics.includes(name))
  const filter = randomFilter(words, random.some(known, 1), [], random)
  return { where_filters: [{ where_sql_template: filter }] }
}

function inputMeasure({ words, random, measures, names }: Making): Json {
  return {
    name: random.pick(measures),
    filter: random.chance(0.15) ? filterOf(words, names, random) : null,
    alias: null,
    join_to_timespine: random.chance(0.25),
    fill_nulls_with: random.chance(0.25) ? random.pick([0, 0, 7]) : null,
  }
}

function randomWindow({ words, random }: Making, custom: boolean): Json {
  if (custom && words.customGrains.length > 0 && random.chance(0.2)) {
    return { count: random.between(1, 2), granularity: random.pick(words.customGrains) }
  }
  const granularity = random.pick(['day', 'day', 'week', 'month', 'quarter', 'year'])
  return { count: granularity === 'day' ? random.between(1, 40) : random.between(1, 3), granularity }
}

function input(making: Making, offsets: boolean): Json & { name: string; alias: string | null } {
  const { random, names, words } = making
  const kind = offsets ? random.next() : 1
  return {
    name: random.pick(names),
    filter: random.chance(0.15) ? filterOf(words, names, random) : null,
    alias: null,
    offset_window: kind < 0.3 ? randomWindow(making, true) : null,
    offset_to_grain: kind >= 0.3 && kind < 0.45 ? random.pick(['week', 'month', 'quarter', 'year']) : null,
  }
}

function derived(name: string, making: Making): Json {
  const { random } = making
  const inputs = Array.from({ length: random.pick([1, 2, 2, 3]) }, (_, index) => ({
    ...input(making, true),
    alias: `${name}_in_${index}`,
  }))
  const [a, b, c] = inputs.map(({ alias }) => alias)
  const expr =
    b === undefined
      ? random.pick([`${a}`, `${a} * 2`, `COALESCE(${a}, 0) + 1`])
      : c === undefined
        ? random.pick([`${a} - ${b}`, `${a} * 1.0 / NULLIF(${b}, 0)`, `COALESCE(${a}, 0) + COALESCE(${b}, 0)`])
        : random.pick([`${a} + ${b} * ${c}`, `COALESCE(${a}, ${b}, ${c})`])
  return metric('derived', { expr, metrics: inputs }, making)
}

function conversion(making: Making): Json | undefined {
  const { random, measures } = making
  const base = measures.filter((name) => ['visits', 'visitors', 'views'].includes(name))
  const following = measures.filter((name) => ['buys', 'buyers', 'txn_revenue', 'views'].includes(name))
  if (base.length === 0 || following.length === 0) return undefined
  const from = random.pick(base)
  const to = random.pick(following.filter((name) => name !== from))
  const constant = from === 'visits' && to.startsWith('buy') && random.chance(0.3)
  const params = {
    base_measure: { ...inputMeasure(making), name: from },
    conversion_measure: { ...inputMeasure(making), name: to },
    entity: 'user',
    calculation: random.pick(['conversions', 'conversion_rate']),
    window: random.chance(0.6) ? randomWindow(making, false) : null,
    constant_properties: constant ? [{ base_property: 'session', conversion_property: 'session_id' }] : null,
  }
  return metric('conversion', { conversion_type_params: params }, making)
}

function randomSavedQuery(name: string, words: Vocabulary, random: Random): Json {
  const metrics = random.some(words.metrics, random.pick([1, 2]))
  const dimensions = words.engine.listDimensions({ metrics }).filter((dimension) => dimension.type === 'categorical')
  const items = [
    `TimeDimension('metric_time', '${random.pick(['day', 'week', 'month'])}')`,
    ...random.some(dimensions, 1).map((dimension) => `Dimension('${dimension.name}')`),
  ]
  const order = [...items, ...metrics.map((metric) => `Metric('${metric}')`)]
  return {
    name,
    description: null,
    label: null,
    metadata: null,
    exports: [],
    tags: [],
    query_params: {
      metrics,
      group_by: items,
      order_by: random.chance(0.5) ? order.map((item) => (random.chance(0.4) ? `${item}.descending(True)` : item)) : [],
      limit: random.chance(0.3) ? random.between(1, 12) : null,
      where: random.chance(0.5)
        ? { where_filters: [{ where_sql_template: randomFilter(words, metrics, [], random) }] }
        : null,
    },
  }
}
