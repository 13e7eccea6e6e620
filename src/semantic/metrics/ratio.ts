import { computeFromInputs } from './compute-from-inputs.js'
import type { RatioMetric } from './definition.js'
import { describeInput } from './describe-input.js'
import type { MetricKind } from './metric-kind.js'

/** One metric divided by another. */
export const ratioKind: MetricKind<RatioMetric> = {
  type: 'ratio',
  describe: ({ inputs: [numerator, denominator] }) =>
    `${describeInput(numerator!)} divided by ${describeInput(denominator!)}`,
  plan: (spec, planner) =>
    computeFromInputs(spec, planner, ([numerator, denominator]) => ({
      kind: 'ratio',
      numerator: numerator!,
      denominator: denominator!,
    })),
}
