import type { DerivedMetric } from '../metrics/definition.js'
import type { MetricModifier } from '../query/metric-query.js'
import type { ModifierKind } from './modifier-kind.js'
import { inputOf, periodName, periodOf } from './period.js'

/** How much the metric changed against a period before; or by which part of what it was then. */
export const change: ModifierKind<Extract<MetricModifier, { kind: 'change' }>> = {
  define: (base, modifier, context) => {
    const period = periodOf(modifier, base, context)
    return context.add<DerivedMetric>({
      type: 'derived',
      name: `${base.name}__${modifier.percent ? 'percent_change' : 'change'}_${periodName(period)}`,
      metric: base.metric,
      filters: [],
      timeGranularity: base.timeGranularity,
      inputs: [inputOf(base, 'now', undefined), inputOf(base, 'previous', period)],
      expr: modifier.percent ? '(now - previous) * 1.0 / NULLIF(previous, 0)' : 'now - previous',
    })
  },
}
