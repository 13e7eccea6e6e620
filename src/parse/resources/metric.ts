import { DiagnosticBag } from '../../core/diagnostic.js'
import type { Json, JsonObject, MetricNode } from '../../manifest/index.js'
import type { Metric } from '../../manifest/semantic-manifest.js'
import { isNewMetric, readTopLevelMetric } from '../new-spec/index.js'
import { throwAt } from '../new-spec/throw-at.js'
import { foldersOf } from '../node-fields.js'
import type { Entry } from '../properties/entries.js'
import { metricShape } from '../shape/semantic-shapes.js'
import { attempt, blame, type ParseState } from '../state.js'
import { addResource } from './add-node.js'
import { grain, inputMeasure, inputMetric, timeWindow, whereFilter, word } from './metric-parts.js'

type Data = { readonly [key: string]: unknown }

/** Adds the `metrics:` of a file. */
export async function parseMetrics(state: ParseState, entries: readonly Entry[]): Promise<void> {
  for (const entry of entries) {
    await attempt(state, () => {
      const { properties, key, base, data } = entry
      if (isNewMetric(data)) {
        addNewMetric(state, entry, data)
        return
      }
      const fault = metricShape.check(data)
      if (fault !== undefined) throw properties.invalidEntry(key, base, data, fault)
      checkName(entry, data['name'] as string)
      addMetric(state, entry, data)
    })
  }
}

function checkName({ properties, key, base, data }: Entry, name: string): void {
  const errors: string[] = []
  if (name.includes(' ')) errors.push('cannot contain spaces')
  if (name.length > 250) errors.push('cannot contain more than 250 characters')
  if (!/^[A-Za-z]/.test(name)) errors.push('must begin with a letter')
  if (!/^[\p{L}\p{N}_]+$/u.test(name)) errors.push('must contain only letters, numbers and underscores')
  if (errors.length === 0) return
  const message = `The metric name '${name}' is invalid.  It ${errors.join(', ')}`
  throw properties.invalidEntry(key, base, data, { message, path: [] })
}

/** An entry of `metrics:` without `type_params`. */
function addNewMetric(state: ParseState, entry: Entry, data: Data): void {
  const bag = new DiagnosticBag()
  const metric = readTopLevelMetric(data, bag)
  throwAt(bag, entry, () => [])
  if (metric === undefined) return
  checkName(entry, metric.name)
  addReadMetric(state, entry, data, metric)
}

/** Adds a metric that was read from the newer spelling; `data` is its entry. */
export function addReadMetric(state: ParseState, entry: Entry, data: Data, metric: Metric): void {
  const params = { ...NO_PARAMS, ...metric.type_params } as unknown as JsonObject
  addMetric(state, entry, { ...data, label: metric.label ?? metric.name }, params)
}

/** What dbt's metrics have in `type_params`, when it is not there. */
const NO_PARAMS = {
  measure: null,
  input_measures: [],
  numerator: null,
  denominator: null,
  expr: null,
  window: null,
  grain_to_date: null,
  metrics: [],
  conversion_type_params: null,
  cumulative_type_params: null,
  metric_aggregation_params: null,
}

/**
 * Adds one metric; `data` is an entry that was checked, or what a measure with `create_metric` stands for. `params`:
 * its type_params, when they were read already.
 */
export function addMetric(state: ParseState, entry: Entry, data: Data, params?: JsonObject): void {
  const { file } = entry.properties
  const name = data['name'] as string
  const fqn = [file.packageName, ...foldersOf(file.relativePath), name]
  const id = `metric.${file.packageName}.${name}`
  try {
    const subject = { type: 'metric', packageName: file.packageName, fqn } as const
    const patch = (data['config'] ?? {}) as { [key: string]: unknown }
    const config = state.configs.resolve(subject, { patch }) as MetricNode['config']
    const ownMeta = (data['meta'] ?? {}) as JsonObject
    const metric: MetricNode = {
      name,
      resource_type: 'metric',
      package_name: file.packageName,
      path: file.relativePath,
      original_file_path: file.originalPath,
      unique_id: id,
      fqn,
      description: (data['description'] as string | undefined) ?? '',
      label: data['label'] as string,
      type: word(data['type'], 'MetricType', TYPES, entry) as MetricNode['type'],
      type_params: params ?? typeParams(data, entry),
      filter: whereFilter(data['filter']),
      metadata: null,
      time_granularity: (data['time_granularity'] as string | undefined) ?? null,
      meta: Object.keys(config.meta).length > 0 ? config.meta : ownMeta,
      tags: (data['tags'] as string[] | undefined) ?? [],
      config,
      unrendered_config: state.configs.unrendered(subject, { patch }) as JsonObject,
      sources: [],
      depends_on: { macros: [], nodes: [] },
      refs: [],
      metrics: [],
      created_at: state.createdAt,
      group: config.group,
    }
    state.places.set(id, () => entry.properties.at([...entry.base, 'name']))
    addResource(state, 'metrics', metric)
  } catch (error) {
    throw blame(error, { name, resource_type: 'metric', unique_id: id, original_file_path: file.originalPath })
  }
}

const TYPES = ['simple', 'ratio', 'cumulative', 'derived', 'conversion']

function typeParams(data: Data, entry: Entry): JsonObject {
  const given = data['type_params'] as Data
  const orNull = (value: unknown, make: (value: unknown) => Json): Json =>
    value === null || value === undefined ? null : make(value)
  const { expr, metrics } = given
  return {
    measure: orNull(given['measure'], inputMeasure),
    input_measures: [],
    numerator: orNull(given['numerator'], (value) => inputMetric(value, entry)),
    denominator: orNull(given['denominator'], (value) => inputMetric(value, entry)),
    expr: orNull(expr, (value) => (value === true ? 'True' : value === false ? 'False' : String(value))),
    window: timeWindow(given['window'], entry),
    grain_to_date: orNull(given['grain_to_date'], (value) => grain(value, entry)),
    metrics: ((metrics ?? []) as unknown[]).map((metric) => inputMetric(metric, entry)),
    conversion_type_params: orNull(given['conversion_type_params'], (value) => conversion(value as Data, entry)),
    cumulative_type_params: String(data['type']).toLowerCase() === 'cumulative' ? cumulative(given, entry) : null,
    metric_aggregation_params: null,
  }
}

function conversion(given: Data, entry: Entry): Json {
  const properties = given['constant_properties'] as Data[] | null | undefined
  return {
    base_measure: inputMeasure(given['base_measure']),
    conversion_measure: inputMeasure(given['conversion_measure']),
    entity: given['entity'] as string,
    calculation: word(
      given['calculation'] ?? 'conversion_rate',
      'ConversionCalculationType',
      ['conversions', 'conversion_rate'],
      entry,
    ),
    window: timeWindow(given['window'], entry),
    constant_properties:
      properties?.map((p) => ({
        base_property: p['base_property'] as string,
        conversion_property: p['conversion_property'] as string,
      })) ?? null,
  }
}

/** Window and grain may still stand in their old place, beside `cumulative_type_params`. */
function cumulative(given: Data, entry: Entry): Json {
  const own = (given['cumulative_type_params'] ?? {}) as Data
  return {
    window: timeWindow(own['window'] || given['window'], entry),
    grain_to_date: ((own['grain_to_date'] || given['grain_to_date']) ?? null) as Json,
    period_agg: word(own['period_agg'] ?? 'first', 'PeriodAggregation', ['first', 'last', 'average'], entry),
    metric: null,
  }
}
