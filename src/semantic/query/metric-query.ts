import { fail } from '../../core/diagnostic.js'
import { readModifier } from '../modifiers/read-modifier.js'

/** A question as asked. Names may be plain (`listing__country`), or calls (`Dimension('listing__country')`). */
export interface MetricQuery {
  /** A name, also with modifiers in words: `bookings: percent change 1 year`. */
  readonly metrics?: readonly (string | MetricRequest)[]
  readonly groupBy?: readonly (string | GroupByRequest)[]
  /** Filters, all of which must hold. */
  readonly where?: readonly string[]
  /** `-name` sorts descending. */
  readonly orderBy?: readonly (string | OrderByRequest)[]
  readonly limit?: number
  /** Both ends included; widened to whole periods of the grain asked for. An absent end is open. */
  readonly timeRange?: { readonly start?: string; readonly end?: string }
  /** The rest is added to this saved query: filters join its filters, order and limit replace its own. */
  readonly savedQuery?: string
  /** Only the smallest and largest value of the one item grouped by. */
  readonly minMaxOnly?: boolean
  /** False: rows of a query without metrics are not made distinct. */
  readonly applyGroupBy?: boolean
  /** The filters were written by the project's author: they may hold any SQL. Callers' filters are checked. */
  readonly trusted?: boolean
  /** Only the values of the groups, each once, that occur with the metrics. */
  readonly valuesOnly?: boolean
}

export interface MetricRequest {
  readonly name: string
  readonly alias?: string
  readonly modifiers?: readonly MetricModifier[]
}

/** A view on a metric, asked for with the query instead of being defined in the project. */
export type MetricModifier =
  | { readonly kind: 'previous-period'; readonly count?: number; readonly grain?: string }
  | { readonly kind: 'change'; readonly count?: number; readonly grain?: string; readonly percent?: boolean }
  | { readonly kind: 'trailing'; readonly count: number; readonly grain?: string }
  | { readonly kind: 'share-of-total'; readonly within?: readonly string[] }

export interface GroupByRequest {
  readonly name: string
  readonly grain?: string
  readonly datePart?: string
  readonly alias?: string
}

export interface OrderByRequest {
  readonly name: string
  readonly grain?: string
  readonly datePart?: string
  readonly descending?: boolean
}

/**
 * Reads a query in the form it has in files and requests: `metrics`, `metric_objects`, `group_by`,
 * `group_by_objects`, `where`, `order_by`, `limit`, `time_constraint`, `saved_query`, `min_max_only`,
 * `apply_group_by`.
 * @throws PlumbError `query-form` when a field has the wrong type.
 */
export function readMetricQuery(json: unknown): MetricQuery {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return wrong('the query', 'an object')
  const fields = json as Readonly<Record<string, unknown>>
  const range = fields.time_constraint
  if (range !== undefined && range !== null && !Array.isArray(range)) wrong('time_constraint', 'a list of two times')
  const [start, end] = Array.isArray(range) ? range.map((time) => optionalText('time_constraint', time)) : []
  const limit = fields.limit ?? undefined
  if (limit !== undefined && typeof limit !== 'number') wrong('limit', 'a number')
  const savedQuery = optionalText('saved_query', fields.saved_query)
  return {
    metrics: [
      ...textList('metrics', fields.metrics),
      ...objectList('metric_objects', fields.metric_objects).map((object) => {
        const alias = optionalText('alias', object.alias)
        const modifiers = readModifiers(object.modifiers)
        return {
          name: text('name', object.name),
          ...(alias === undefined ? {} : { alias }),
          ...(modifiers.length === 0 ? {} : { modifiers }),
        }
      }),
    ],
    groupBy: [
      ...textList('group_by', fields.group_by),
      ...objectList('group_by_objects', fields.group_by_objects).map(readGroupBy),
    ],
    where: textList('where', fields.where),
    orderBy: textList('order_by', fields.order_by),
    ...(limit === undefined ? {} : { limit: limit as number }),
    ...(start === undefined && end === undefined
      ? {}
      : { timeRange: { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) } }),
    ...(savedQuery === undefined ? {} : { savedQuery }),
    ...(fields.min_max_only === true ? { minMaxOnly: true } : {}),
    ...(fields.apply_group_by === false ? { applyGroupBy: false } : {}),
  }
}

function readModifiers(value: unknown): MetricModifier[] {
  if (value === undefined || value === null) return []
  return (Array.isArray(value) ? value : [value]).map(readModifier)
}

function readGroupBy(object: Readonly<Record<string, unknown>>): GroupByRequest {
  const grain = optionalText('grain', object.grain)
  const datePart = optionalText('date_part', object.date_part)
  const alias = optionalText('alias', object.alias)
  return {
    name: text('name', object.name),
    ...(grain === undefined ? {} : { grain }),
    ...(datePart === undefined ? {} : { datePart }),
    ...(alias === undefined ? {} : { alias }),
  }
}

function textList(field: string, value: unknown): readonly string[] {
  if (value === undefined || value === null) return []
  if (typeof value === 'string') return [value]
  if (!Array.isArray(value)) return wrong(field, 'a list of strings')
  return value.map((entry) => text(field, entry))
}

function objectList(field: string, value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || value.some((entry) => typeof entry !== 'object' || entry === null)) {
    return wrong(field, 'a list of objects')
  }
  return value
}

function text(field: string, value: unknown): string {
  return typeof value === 'string' ? value : wrong(field, 'a string')
}

function optionalText(field: string, value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : text(field, value)
}

function wrong(field: string, expected: string): never {
  fail('semantic', 'query-form', `In the query, ${field} must be ${expected}.`)
}
