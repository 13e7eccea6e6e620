import type { MetricModifier } from '../query/metric-query.js'
import type { ModifierKind } from './modifier-kind.js'
import { inputOf } from './period.js'

/** The metric as a part of what it is without the query's groups; or with some of them only. */
export const shareOfTotal: ModifierKind<Extract<MetricModifier, { kind: 'share-of-total' }>> = {
  define: (base, modifier, context) => {
    const within = context.itemNames(modifier.within ?? [])
    return context.add({
      type: 'share',
      name: [`${base.name}__share`, ...within].join('_of_'),
      metric: base.metric,
      filters: [],
      timeGranularity: base.timeGranularity,
      input: inputOf(base, base.name, undefined),
      within,
    })
  },
}
