import { readExpression } from '../../sql/plan/text/expression.js'
import { computeFromInputs } from './compute-from-inputs.js'
import type { DerivedMetric } from './definition.js'
import { describeInput } from './describe-input.js'
import type { MetricKind } from './metric-kind.js'

/** An expression over other metrics. */
export const derivedKind: MetricKind<DerivedMetric> = {
  type: 'derived',
  describe: ({ expr, inputs }) => {
    const [only] = inputs
    if (only !== undefined && inputs.length === 1 && expr === only.alias) return describeInput(only)
    const renamed = inputs.filter((input) => describeInput(input) !== input.alias)
    const where = renamed.map((input) => `${input.alias} is ${describeInput(input)}`).join(' and ')
    return where === '' ? expr : `${expr}, where ${where}`
  },
  plan: (spec, planner) =>
    computeFromInputs(spec, planner, (columns) => {
      const inputs = new Map(spec.definition.inputs.map((input, index) => [input.alias.toLowerCase(), columns[index]!]))
      const text = readExpression(spec.definition.expr, new Set(inputs.keys()))
      return { kind: 'text', text, inputs }
    }),
}
