import type { GroupByRequest, MetricQuery } from '../query/metric-query.js'

/** The values of one dimension: all, or those that occur with metrics. */
export interface DimensionValuesRequest {
  readonly dimension: string | GroupByRequest
  readonly metrics?: readonly string[]
  readonly where?: readonly string[]
  readonly timeRange?: MetricQuery['timeRange']
  readonly limit?: number
}

/** The values in order, each once. */
export function valuesQuery({ dimension, metrics, where, timeRange, limit }: DimensionValuesRequest): MetricQuery {
  const item = typeof dimension === 'string' ? { name: dimension } : dimension
  return {
    groupBy: [dimension],
    orderBy: [item.alias ?? (typeof dimension === 'string' ? dimension : requestOf(dimension))],
    valuesOnly: true,
    ...(metrics === undefined ? {} : { metrics }),
    ...(where === undefined ? {} : { where }),
    ...(timeRange === undefined ? {} : { timeRange }),
    ...(limit === undefined ? {} : { limit }),
  }
}

function requestOf({ name, grain, datePart }: GroupByRequest) {
  return { name, ...(grain === undefined ? {} : { grain }), ...(datePart === undefined ? {} : { datePart }) }
}
