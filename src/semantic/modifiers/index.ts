import type { MetricDefinition } from '../metrics/definition.js'
import type { MetricModifier } from '../query/metric-query.js'
import { change } from './change.js'
import type { ModifierContext, ModifierKind } from './modifier-kind.js'
import { previousPeriod } from './previous-period.js'
import { shareOfTotal } from './share-of-total.js'
import { trailing } from './trailing.js'

/** The ways to see a metric that a query can ask for: a new one is a file and a line here. */
const modifierKinds: {
  readonly [K in MetricModifier['kind']]: ModifierKind<Extract<MetricModifier, { kind: K }>>
} = {
  'previous-period': previousPeriod,
  change,
  trailing,
  'share-of-total': shareOfTotal,
}

/** The metric seen through modifiers, the first applied first. */
export function applyModifiers(
  base: MetricDefinition,
  modifiers: readonly MetricModifier[],
  context: ModifierContext,
): MetricDefinition {
  return modifiers.reduce((metric, modifier) => {
    const kind = modifierKinds[modifier.kind] as ModifierKind<MetricModifier>
    return kind.define(metric, modifier, context)
  }, base)
}
