import type { DataflowNode } from './plan.js'

const MAX_LABEL = 48

/** What a reader would call the result of a step in SQL: `bookings_by_day`, `bookings_1_month_before`. */
export function stepLabel(node: DataflowNode): string {
  switch (node.kind) {
    case 'read-model':
      return node.model.name
    case 'read-spine':
    case 'offset-spine':
      return 'time_spine'
    case 'share':
      return node.label
    case 'running-total':
      return `${node.columns[0]?.of.label ?? 'total'}_so_far`
    case 'join-to-spine': {
      const name = metricName(node)
      if (node.window !== undefined) return `${name}_${node.window.count}_${node.window.grain}_before`
      return node.toGrain === undefined ? `${name}_filled` : `${name}_at_start_of_${node.toGrain}`
    }
    case 'aggregate':
    case 'combine': {
      const name = metricName(node)
      const by = node.keys.map((item) => (item.kind === 'time' ? (item.grain?.name ?? item.part) : item.element))
      const label = by.length === 0 ? `${name}_total` : `${name}_by_${by.join('_and_')}`
      return label.length <= MAX_LABEL ? label : name
    }
    case 'compute':
      return node.input.kind === 'aggregate' ? stepLabel(node.input) : metricName(node)
    default:
      return 'input' in node ? stepLabel(node.input) : 'rows'
  }
}

/** The first metric of a step, or of what it reads. */
function metricName(node: DataflowNode): string {
  if (node.kind === 'aggregate') return node.measures[0]?.column.label ?? 'metrics'
  if (node.kind === 'compute') return node.columns[0]?.column.label ?? 'metrics'
  if (node.kind === 'combine') return node.inputs[0]?.columns[0]?.column.label ?? 'metrics'
  return 'input' in node ? metricName(node.input) : 'metrics'
}
