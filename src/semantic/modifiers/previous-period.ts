import type { DerivedMetric } from '../metrics/definition.js'
import type { MetricModifier } from '../query/metric-query.js'
import type { ModifierKind } from './modifier-kind.js'
import { inputOf, periodName, periodOf } from './period.js'

/** The value that the metric had a period before. */
export const previousPeriod: ModifierKind<Extract<MetricModifier, { kind: 'previous-period' }>> = {
  define: (base, modifier, context) => {
    const period = periodOf(modifier, base, context)
    return context.add<DerivedMetric>({
      type: 'derived',
      name: `${base.name}__previous_${periodName(period)}`,
      metric: base.metric,
      filters: [],
      timeGranularity: base.timeGranularity,
      inputs: [inputOf(base, 'previous', period)],
      expr: 'previous',
    })
  },
}
