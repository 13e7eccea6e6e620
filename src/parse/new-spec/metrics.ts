import {
  AGGREGATION_TYPES,
  type ConstantProperty,
  METRIC_TYPES,
  type Metric,
  type MetricInput,
  type MetricTypeParams,
  type NonAdditiveDimension,
} from '../../manifest/semantic-manifest.js'
import { readConfig } from './elements.js'
import { type Fields, isObject, type YamlObject } from './fields.js'

/** A metric without `type_params`: all its fields lie side by side. `model`: the semantic model it stands in. */
export function readMetric(fields: Fields, model: string | undefined): Metric | undefined {
  const name = fields.required('name', fields.text('name'))
  const type = fields.required('type', fields.choice('type', METRIC_TYPES))
  if (name === undefined || type === undefined) return undefined
  const readers: { readonly [T in Metric['type']]: () => MetricTypeParams | undefined } = {
    simple: () => readSimple(fields, model),
    ratio: () => readRatio(fields),
    derived: () => readDerived(fields),
    cumulative: () => readCumulative(fields),
    conversion: () => readConversion(fields),
  }
  const params = readers[type]()
  if (params === undefined) return undefined
  return {
    name,
    description: fields.text('description') ?? null,
    type,
    type_params: { ...params, is_private: fields.flag('hidden') ?? false },
    filter: fields.filter('filter'),
    metadata: null,
    label: fields.text('label') ?? null,
    config: readConfig(fields.object('config')),
    time_granularity: fields.text('time_granularity') ?? null,
  }
}

function readSimple(fields: Fields, model: string | undefined): MetricTypeParams | undefined {
  if (model === undefined) {
    fields.wrong(
      'A simple metric stands with its model.',
      "move it to 'metrics' of the model whose column it aggregates",
    )
    return undefined
  }
  const agg = fields.required('agg', fields.choice('agg', AGGREGATION_TYPES))
  if (agg === undefined) return undefined
  const percentile = fields.number('percentile')
  const discrete = fields.choice('percentile_type', ['discrete', 'continuous']) === 'discrete'
  const approximate = fields.flag('use_approximate_percentile') ?? false
  const nonAdditive = fields.object('non_additive_dimension')
  return {
    expr: fields.expression('expr') ?? null,
    join_to_timespine: fields.flag('join_to_timespine') ?? false,
    fill_nulls_with: fields.number('fill_nulls_with') ?? null,
    metric_aggregation_params: {
      semantic_model: model,
      agg,
      agg_params:
        percentile === undefined && !discrete && !approximate
          ? null
          : {
              percentile: percentile ?? null,
              use_discrete_percentile: discrete,
              use_approximate_percentile: approximate,
            },
      agg_time_dimension: fields.text('agg_time_dimension') ?? null,
      non_additive_dimension: nonAdditive === undefined ? null : readNonAdditive(fields.within(nonAdditive)),
    },
  }
}

function readNonAdditive(fields: Fields): NonAdditiveDimension | null {
  const name = fields.required('name', fields.text('name'))
  const choice = fields.choice('window_agg', ['min', 'max'])
  fields.required('window_agg', choice)
  if (name === undefined || choice === undefined) return null
  return { name, window_choice: choice, window_groupings: fields.texts('group_by') }
}

function readRatio(fields: Fields): MetricTypeParams {
  return { numerator: readInput(fields, 'numerator'), denominator: readInput(fields, 'denominator') }
}

function readDerived(fields: Fields): MetricTypeParams {
  const inputs = fields.has('input_metrics') ? fields.objects('input_metrics') : []
  if (inputs.length === 0) fields.wrong("A derived metric needs 'input_metrics'.")
  return {
    expr: fields.required('expr', fields.expression('expr')) ?? null,
    metrics: inputs.flatMap((input) => inputOf(fields.within(input)) ?? []),
  }
}

function readCumulative(fields: Fields): MetricTypeParams {
  return {
    cumulative_type_params: {
      metric: readInput(fields, 'input_metric'),
      window: fields.window('window'),
      grain_to_date: fields.text('grain_to_date')?.toLowerCase() ?? null,
      period_agg: fields.choice('period_agg', ['first', 'last', 'average']) ?? 'first',
    },
  }
}

function readConversion(fields: Fields): MetricTypeParams | undefined {
  const entity = fields.required('entity', fields.text('entity'))
  if (entity === undefined) return undefined
  return {
    conversion_type_params: {
      entity,
      base_metric: readInput(fields, 'base_metric'),
      conversion_metric: readInput(fields, 'conversion_metric'),
      calculation: fields.choice('calculation', ['conversions', 'conversion_rate']) ?? 'conversion_rate',
      window: fields.window('window'),
      constant_properties: fields
        .objects('constant_properties')
        .flatMap((property) => readProperty(fields.within(property))),
    },
  }
}

function readProperty(fields: Fields): ConstantProperty[] {
  const base = fields.required('base_property', fields.text('base_property'))
  const conversion = fields.required('conversion_property', fields.text('conversion_property'))
  return base === undefined || conversion === undefined
    ? []
    : [{ base_property: base, conversion_property: conversion }]
}

/** A metric by its name, or with a filter, an alias and so on. */
function readInput(fields: Fields, name: string): MetricInput | null {
  const input = fields.required(name, fields.nested(name, 'name'))
  return (input && inputOf(input)) ?? null
}

function inputOf(fields: Fields): MetricInput | undefined {
  const name = fields.required('name', fields.text('name'))
  if (name === undefined) return undefined
  return {
    name,
    filter: fields.filter('filter'),
    alias: fields.text('alias') ?? null,
    offset_window: fields.window('offset_window'),
    offset_to_grain: fields.text('offset_to_grain')?.toLowerCase() ?? null,
  }
}

/** Whether an entry of `metrics:` is written in the newer way. */
export function isNewMetric(entry: unknown): entry is YamlObject {
  return isObject(entry) && entry['type_params'] === undefined && entry['type'] !== undefined
}
