import { fail } from '../../core/diagnostic.js'
import type { MetricDefinition, MetricInputDefinition, Window } from '../metrics/definition.js'
import type { MetricModifier } from '../query/metric-query.js'
import type { ModifierContext, ModifierKind } from './modifier-kind.js'
import { periodName, periodOf } from './period.js'

/**
 * The metric over a window of time that ends at each moment. What is computed from other metrics is computed from
 * them over the window: a trailing rate is the trailing numerator by the trailing denominator.
 */
export const trailing: ModifierKind<Extract<MetricModifier, { kind: 'trailing' }>> = {
  define: (base, modifier, context) => overWindow(base, periodOf(modifier, base, context), context),
}

function overWindow(base: MetricDefinition, window: Window, context: ModifierContext): MetricDefinition {
  const name = `${base.name}__trailing_${periodName(window)}`
  switch (base.type) {
    case 'simple':
      return context.add({
        type: 'cumulative',
        name,
        metric: base.metric,
        filters: [],
        timeGranularity: base.timeGranularity,
        input: { name: base.name, alias: base.name, filters: [], offsetWindow: undefined, offsetToGrain: undefined },
        window,
        grainToDate: undefined,
        // Of a month's windows the one that ends with it.
        periodAgg: 'last',
      })
    case 'ratio':
    case 'derived': {
      const inputs = base.inputs.map((input): MetricInputDefinition => {
        return { ...input, name: overWindow(context.metric(input.name), window, context).name }
      })
      return context.add({ ...base, name, inputs })
    }
    default:
      fail(
        'semantic',
        'modifier-not-possible',
        `'${base.name}' cannot be computed over a window: it is ${base.type}.`,
        {
          hint: base.type === 'cumulative' ? 'it accumulates over time already' : undefined,
        },
      )
  }
}
