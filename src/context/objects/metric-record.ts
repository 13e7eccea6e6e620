import { type HostObject, py, toRepr, type Value } from '../../jinja/index.js'

/** One of dbt's classes that definitions of metrics consist of: its fields in order, with what they hold. */
interface RecordClass {
  readonly name: string
  readonly fields: Readonly<Record<string, FieldKind>>
}

/** A plain value, a record, a list of records, or a word of an enumeration. */
type FieldKind = 'plain' | { readonly record: () => RecordClass } | { readonly words: string }

const of = (record: () => RecordClass): FieldKind => ({ record })
const words = (name: string): FieldKind => ({ words: name })

const whereFilter: RecordClass = { name: 'WhereFilter', fields: { where_sql_template: 'plain' } }

/** The `filter` of a metric. */
export const whereFilters: RecordClass = {
  name: 'WhereFilterIntersection',
  fields: { where_filters: of(() => whereFilter) },
}

const timeWindow: RecordClass = { name: 'MetricTimeWindow', fields: { count: 'plain', granularity: 'plain' } }

const inputMeasure: RecordClass = {
  name: 'MetricInputMeasure',
  fields: {
    name: 'plain',
    filter: of(() => whereFilters),
    alias: 'plain',
    join_to_timespine: 'plain',
    fill_nulls_with: 'plain',
  },
}

const input: RecordClass = {
  name: 'MetricInput',
  fields: {
    name: 'plain',
    filter: of(() => whereFilters),
    alias: 'plain',
    offset_window: of(() => timeWindow),
    offset_to_grain: 'plain',
  },
}

const constantProperty: RecordClass = {
  name: 'ConstantPropertyInput',
  fields: { base_property: 'plain', conversion_property: 'plain' },
}

const conversion: RecordClass = {
  name: 'ConversionTypeParams',
  fields: {
    base_measure: of(() => inputMeasure),
    conversion_measure: of(() => inputMeasure),
    entity: 'plain',
    calculation: words('ConversionCalculationType'),
    window: of(() => timeWindow),
    constant_properties: of(() => constantProperty),
  },
}

const cumulative: RecordClass = {
  name: 'CumulativeTypeParams',
  fields: {
    window: of(() => timeWindow),
    grain_to_date: 'plain',
    period_agg: words('PeriodAggregation'),
    metric: of(() => input),
  },
}

const aggregation: RecordClass = {
  name: 'MetricAggregationParams',
  fields: {
    semantic_model: 'plain',
    agg: words('AggregationType'),
    agg_params: of(() => ({
      name: 'MeasureAggregationParameters',
      fields: { percentile: 'plain', use_discrete_percentile: 'plain', use_approximate_percentile: 'plain' },
    })),
    agg_time_dimension: 'plain',
    non_additive_dimension: of(() => ({
      name: 'NonAdditiveDimension',
      fields: { name: 'plain', window_choice: words('AggregationType'), window_groupings: 'plain' },
    })),
    expr: 'plain',
  },
}

/** The `type_params` of a metric. */
export const typeParams: RecordClass = {
  name: 'MetricTypeParams',
  fields: {
    measure: of(() => inputMeasure),
    input_measures: of(() => inputMeasure),
    numerator: of(() => input),
    denominator: of(() => input),
    expr: 'plain',
    window: of(() => timeWindow),
    grain_to_date: 'plain',
    metrics: of(() => input),
    conversion_type_params: of(() => conversion),
    cumulative_type_params: of(() => cumulative),
    metric_aggregation_params: of(() => aggregation),
  },
}

/** A record of a metric's definition: its fields as attributes, and printed as Python prints it. */
export class MetricRecord implements HostObject {
  readonly [py.typeName]: string
  readonly #class: RecordClass
  readonly #values: Readonly<Record<string, unknown>>

  constructor(recordClass: RecordClass, values: object) {
    this[py.typeName] = recordClass.name
    this.#class = recordClass
    this.#values = values as Readonly<Record<string, unknown>>
  }

  [py.getattr](name: string): Value {
    const kind = Object.hasOwn(this.#class.fields, name) ? this.#class.fields[name] : undefined
    return kind === undefined ? undefined : recordValue(kind, this.#values[name])
  }

  [py.str](): string {
    const { name, fields } = this.#class
    const shown = Object.entries(fields).map(([field, kind]) => `${field}=${fieldText(kind, this.#values[field])}`)
    return `${name}(${shown.join(', ')})`
  }

  [py.repr](): string {
    return this[py.str]()
  }
}

function recordValue(kind: FieldKind, value: unknown): Value {
  if (value === null || value === undefined) return null
  if (typeof kind !== 'object' || !('record' in kind)) return value as Value
  if (Array.isArray(value)) return value.map((item) => recordValue(kind, item))
  return typeof value === 'object' ? new MetricRecord(kind.record(), value) : (value as Value)
}

function fieldText(kind: FieldKind, value: unknown): string {
  const isWord = typeof kind === 'object' && 'words' in kind && typeof value === 'string'
  return isWord ? `<${kind.words}.${value.toUpperCase()}: '${value}'>` : toRepr(recordValue(kind, value))
}

/** A record where there is one. */
export function recordOf(recordClass: RecordClass, value: unknown): Value {
  return recordValue({ record: () => recordClass }, value)
}

/** The `type` of a metric: printed as Python prints a word of an enumeration; `value` is the word itself. */
export class MetricTypeWord implements HostObject {
  readonly [py.typeName] = 'MetricType'

  constructor(private readonly word: string) {}

  [py.getattr](name: string): Value {
    if (name === 'value') return this.word
    return name === 'name' ? this.word.toUpperCase() : undefined
  }

  [py.str](): string {
    return `MetricType.${this.word.toUpperCase()}`
  }

  [py.repr](): string {
    return `<${this[py.str]()}: '${this.word}'>`
  }

  /** With the word too, where Python says no: nobody asks that for any other answer. */
  [py.eq](other: Value): boolean {
    return other instanceof MetricTypeWord ? other.word === this.word : other === this.word
  }
}
