import type {
  AggregationParams,
  AggregationType,
  NonAdditiveDimension,
  SemanticModel,
} from '../../../manifest/semantic-manifest.js'
import { error, isSet, listNames, type RuleIssue } from './rule.js'

/** A measure or a simple metric: both aggregate a column of a semantic model. */
export interface Aggregated {
  /** `measure 'x'` or `metric 'x'` */
  readonly what: string
  readonly subject: string
  readonly agg: AggregationType
  readonly expr: string | null | undefined
  readonly params: AggregationParams | null | undefined
  readonly model: SemanticModel
  readonly aggTime: string | null | undefined
  readonly nonAdditive: NonAdditiveDimension | null | undefined
}

/** COUNT needs to know what to count, and counts it with repetitions. */
export function* checkCount({ what, subject, agg, expr }: Aggregated): Iterable<RuleIssue> {
  if (agg !== 'count') return
  if (!isSet(expr)) yield error(`The ${what} counts, but has no expr.`, subject, "use 'expr: 1' to count all rows")
  if (expr?.toLowerCase().startsWith('distinct ')) {
    yield error(
      `The ${what} counts '${expr}', which does not add up over groups.`,
      subject,
      'use the aggregation count_distinct',
    )
  }
}

/** Percentiles have a percentile between 0 and 1, and nothing else has. */
export function* checkPercentile({ what, subject, agg, params }: Aggregated): Iterable<RuleIssue> {
  const percentile = params?.percentile
  if (agg === 'percentile') {
    if (!isSet(percentile)) {
      yield error(`The ${what} is a percentile, but agg_params.percentile is not set.`, subject)
    } else if (percentile <= 0 || percentile >= 1) {
      yield error(
        `The percentile of ${what} is ${percentile}; it must be between 0 and 1.`,
        subject,
        'the 65th percentile is 0.65; instead of 0 use the aggregation min, instead of 1 max',
      )
    }
    return
  }
  if (agg === 'median') {
    if (isSet(percentile) && percentile !== 0.5) {
      yield error(
        `The ${what} is a median, but its percentile is ${percentile}.`,
        subject,
        'a median has no percentile',
      )
    }
    if (params?.use_discrete_percentile) {
      yield error(`The ${what} is a median, which cannot be a discrete percentile.`, subject)
    }
    return
  }
  const set = [
    ...(percentile ? ['percentile'] : []),
    ...(params?.use_discrete_percentile ? ['use_discrete_percentile'] : []),
    ...(params?.use_approximate_percentile ? ['use_approximate_percentile'] : []),
  ]
  if (set.length > 0) {
    yield error(`The ${what} has the aggregation '${agg}' and ${listNames(set)}, which only percentiles have.`, subject)
  }
}

/** The time over which a balance must not be summed, and within which groups its last (or first) value is taken. */
export function* checkNonAdditive({ what, subject, model, aggTime, nonAdditive }: Aggregated): Iterable<RuleIssue> {
  if (!isSet(nonAdditive)) return
  const time = model.dimensions.find((dimension) => dimension.name === aggTime)
  if (time === undefined) {
    yield error(
      isSet(aggTime)
        ? `The ${what} aggregates over '${aggTime}', which is not a dimension of semantic model '${model.name}'.`
        : `The ${what} has no time dimension to aggregate over.`,
      subject,
    )
  }
  const dimension = model.dimensions.find((candidate) => candidate.name === nonAdditive.name)
  const start = `The non_additive_dimension '${nonAdditive.name}' of ${what}`
  if (dimension === undefined) {
    yield error(`${start} is not a dimension of semantic model '${model.name}'.`, subject)
  } else {
    if (dimension.type !== 'time') yield error(`${start} is not a time dimension.`, subject)
    const grain = dimension.type_params?.time_granularity
    if (dimension.type_params && time?.type_params && grain !== time.type_params.time_granularity) {
      yield error(
        `${start} has the time granularity '${grain}', but the ${what} aggregates over '${time.name}', ` +
          `which has '${time.type_params.time_granularity}'.`,
        subject,
      )
    }
  }
  if (nonAdditive.window_choice !== 'min' && nonAdditive.window_choice !== 'max') {
    yield error(`${start} has the window_choice '${nonAdditive.window_choice}'; it can be min or max.`, subject)
  }
  const entities = new Set(model.entities.map((entity) => entity.name))
  const unknown = nonAdditive.window_groupings.filter((grouping) => !entities.has(grouping))
  if (unknown.length > 0) {
    yield error(
      `${start} groups by ${listNames(unknown)}, which semantic model '${model.name}' has no entity for.`,
      subject,
    )
  }
}
