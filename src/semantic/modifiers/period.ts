import { fail } from '../../core/diagnostic.js'
import { isTimeGranularity } from '../../sql/granularity.js'
import type { MetricDefinition, MetricInputDefinition, Window } from '../metrics/definition.js'
import type { ModifierContext } from './modifier-kind.js'

/** The period a modifier counts: as it says, or one of those the query is grouped by. */
export function periodOf(
  modifier: { readonly count?: number; readonly grain?: string },
  base: MetricDefinition,
  context: ModifierContext,
): Window {
  const count = modifier.count ?? 1
  if (!Number.isInteger(count) || count < 1 || count > 100_000) {
    fail('semantic', 'modifier-count', `A number of periods is a whole number from 1, not ${modifier.count}.`)
  }
  const grain = modifier.grain?.toLowerCase() ?? context.periodGrain
  if (grain === undefined) {
    fail('semantic', 'modifier-period', `Which period of '${base.name}' is compared?`, {
      hint: 'group by metric_time at some grain, or name the period: "previous 1 month"',
    })
  }
  if (!isTimeGranularity(grain)) {
    fail('semantic', 'modifier-grain', `'${modifier.grain}' is not a time granularity that can be counted here.`)
  }
  return { count, granularity: grain }
}

/** `month`, `3_months` */
export function periodName({ count, granularity }: Window): string {
  return count === 1 ? granularity : `${count}_${granularity}s`
}

export function inputOf(
  metric: MetricDefinition,
  alias: string,
  offsetWindow: Window | undefined,
): MetricInputDefinition {
  return { name: metric.name, alias, filters: [], offsetWindow, offsetToGrain: undefined }
}
