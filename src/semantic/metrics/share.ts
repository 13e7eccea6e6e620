import { compute } from '../dataflow/nodes/compute.js'
import { joinTotals } from '../dataflow/nodes/join-totals.js'
import { totalOver } from '../dataflow/nodes/total-over.js'
import type { MetricDefinition, ShareMetric } from './definition.js'
import type { MetricKind } from './metric-kind.js'

/**
 * A metric divided by what it is with fewer groups. Where sums of sums are sums, the total is that of the rows shown;
 * anything else (distinct counts, averages, rates) is computed again.
 */
export const shareKind: MetricKind<ShareMetric> = {
  type: 'share',
  describe: ({ input, within }) =>
    `${input.name} as a share of its total${within.length === 0 ? '' : ` within each ${within.join(' and ')}`}`,
  plan: (spec, planner) => {
    const { definition, items } = spec
    const base = planner.catalog.metric(definition.input.name)
    const within = items.filter((item) => definition.within.includes(item.name))
    const shown = planner.plan({ ...spec, definition: base })
    const total = planner.column(
      `${shown.node.id} ${shown.column.id} total of ${definition.name}`,
      `${base.name}_total`,
    )
    const whole = isAdditive(base)
      ? totalOver(planner.builder, { input: shown.node, of: shown.column, column: total, within })
      : withTotals()
    function withTotals() {
      const totals = planner.plan({ ...spec, definition: base, items: within })
      return joinTotals(planner.builder, {
        input: shown.node,
        totals: totals.node,
        of: totals.column,
        column: total,
        keys: within,
      })
    }
    const column = planner.column(`${whole.id} ${shown.column.id} by ${total.id}`, definition.name)
    const formula = { kind: 'ratio', numerator: shown.column, denominator: total } as const
    return { node: compute(planner.builder, whole, [{ column, formula }]), column, fill: undefined }
  },
}

function isAdditive(metric: MetricDefinition): boolean {
  return metric.type === 'simple' && metric.nonAdditive === undefined && ['sum', 'sum_boolean'].includes(metric.agg)
}
