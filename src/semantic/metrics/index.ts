import { conversionKind } from './conversion.js'
import { cumulativeKind } from './cumulative.js'
import type { MetricDefinition } from './definition.js'
import { derivedKind } from './derived.js'
import type { MetricKind } from './metric-kind.js'
import { ratioKind } from './ratio.js'
import { shareKind } from './share.js'
import { simpleKind } from './simple.js'

/** The kinds of metric: a new one is a file and a line here. */
export const metricKinds: {
  readonly [T in MetricDefinition['type']]: MetricKind<Extract<MetricDefinition, { type: T }>>
} = {
  simple: simpleKind,
  ratio: ratioKind,
  derived: derivedKind,
  cumulative: cumulativeKind,
  conversion: conversionKind,
  share: shareKind,
}
