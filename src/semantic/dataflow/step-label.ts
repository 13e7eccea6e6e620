import type { DataflowNode } from './plan.js'

const MAX_LABEL = 48

/** What a reader would call the result of a step in SQL: `bookings_by_day`, `views_by_day_and_listing`. */
export function stepLabel(node: DataflowNode): string {
  let step = node
  while (step.kind === 'compute' || step.kind === 'share') step = step.input
  if (step.kind === 'read-model') return step.model.name
  const columns = node.kind === 'compute' ? node.columns : step.kind === 'aggregate' ? step.measures : []
  const name = columns[0]?.column.label ?? 'metrics'
  const keys = step.kind === 'aggregate' || step.kind === 'combine' ? step.keys : []
  const by = keys.map((item) => (item.kind === 'time' ? (item.grain?.name ?? item.part) : item.element)).join('_and_')
  const label = by === '' ? `${name}_total` : `${name}_by_${by}`
  return label.length <= MAX_LABEL ? label : name
}
