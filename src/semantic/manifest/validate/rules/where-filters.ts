import type { Metric, SemanticManifest, WhereFilterIntersection } from '../../../../manifest/semantic-manifest.js'
import { isGrainName } from '../../../query/item-pattern.js'
import { type FilterReading, readFilter } from '../filters.js'
import { error, isSet, ofMetric, ofSavedQuery, type RuleIssue, warning } from '../rule.js'
import { customGrainsOf } from '../windows.js'

/** Filters are made of readable calls like `{{ Dimension('listing__country') }}`. */
export function* whereFilters(manifest: SemanticManifest): Iterable<RuleIssue> {
  const customGrains = customGrainsOf(manifest)
  for (const metric of manifest.metrics) {
    for (const [what, filter] of filtersOf(metric)) {
      const readings = filter.where_filters.map((where) => readFilter(where.where_sql_template))
      yield* describe(readings, what, ofMetric(metric), customGrains)
    }
  }
  for (const query of manifest.saved_queries) {
    for (const where of query.query_params.where?.where_filters ?? []) {
      const reading = readFilter(where.where_sql_template)
      yield* describe([reading], 'The filter', ofSavedQuery(query), customGrains)
    }
  }
}

function filtersOf(metric: Metric): [string, WhereFilterIntersection][] {
  const { measure, numerator, denominator, metrics } = metric.type_params
  const found: [string, WhereFilterIntersection | null | undefined][] = [
    ['The filter', metric.filter],
    [`The filter of measure '${measure?.name}'`, measure?.filter],
    ['The filter of the numerator', numerator?.filter],
    ['The filter of the denominator', denominator?.filter],
    ...(metrics ?? []).map((input): [string, WhereFilterIntersection | null | undefined] => [
      `The filter of input '${input.name}'`,
      input.filter,
    ]),
  ]
  return found.filter((entry): entry is [string, WhereFilterIntersection] => isSet(entry[1]))
}

/** The first filter that cannot be read; or else the grains that do not exist. */
function* describe(
  readings: readonly FilterReading[],
  what: string,
  subject: string,
  customGrains: ReadonlySet<string>,
): Iterable<RuleIssue> {
  const broken = readings.find((reading) => reading.fault !== undefined)
  if (broken !== undefined) {
    yield error(`${what} cannot be read: ${broken.fault}.`, subject)
    return
  }
  for (const call of readings.flatMap((reading) => reading.calls)) {
    if (call.grain !== undefined && !isGrainName(call.grain, customGrains)) {
      yield warning(`${what} uses the time granularity '${call.grain}', which does not exist.`, subject)
    }
  }
}
