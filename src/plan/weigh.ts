import type { UniqueId } from '../manifest/index.js'
import type { PlanStep } from './run-plan.js'

/**
 * Gives every step its weight: the number of steps on the longest chain behind it. Steps come in order, so going
 * through them backwards meets all that wait for a step before the step itself.
 */
export function weigh(steps: readonly Omit<PlanStep, 'weight'>[]): PlanStep[] {
  const weights = new Map<UniqueId, number>()
  for (let i = steps.length - 1; i >= 0; i--) {
    const { id, after } = steps[i]!
    const longest = (weights.get(id) ?? 0) + 1
    for (const other of after) if ((weights.get(other) ?? 0) < longest) weights.set(other, longest)
  }
  return steps.map((step) => ({ ...step, weight: weights.get(step.id) ?? 0 }))
}
