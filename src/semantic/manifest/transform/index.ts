import type { SemanticManifest } from '../../../manifest/semantic-manifest.js'
import { booleanMeasures, booleanMetrics } from './boolean-aggregation.js'
import { countMeasures, countMetrics } from './count-to-sum.js'
import { cumulativeTypeParams } from './cumulative-type-params.js'
import { flattenMeasures } from './flatten-measures.js'
import { inputMeasures } from './input-measures.js'
import { lowerCaseNames } from './lower-case-names.js'
import { medianMeasures, medianMetrics } from './median-to-percentile.js'
import { proxyMetrics } from './proxy-metrics.js'
import { replaceMeasures } from './replace-measures.js'
import type { TransformRule } from './rule.js'
import { singularWindows } from './singular-windows.js'

/** What is applied before `semantic_manifest.json` is written, in dbt's order. */
const WRITTEN: readonly TransformRule[] = [
  lowerCaseNames,
  proxyMetrics,
  booleanMeasures,
  countMeasures,
  medianMeasures,
  inputMeasures,
  cumulativeTypeParams,
  singularWindows,
]

/** What the engine adds to a written manifest: measures end in simple metrics. */
const PLANNED: readonly TransformRule[] = [
  lowerCaseNames,
  booleanMeasures,
  countMeasures,
  medianMeasures,
  proxyMetrics,
  flattenMeasures,
  replaceMeasures,
  cumulativeTypeParams,
  singularWindows,
  medianMetrics,
  countMetrics,
  booleanMetrics,
]

/** The manifest as `semantic_manifest.json` holds it. */
export function toWrittenManifest(manifest: SemanticManifest): SemanticManifest {
  return WRITTEN.reduce((current, rule) => rule(current), manifest)
}

/** The manifest as the engine plans on it: simple metrics aggregate by themselves, no measure is needed. */
export function toPlannedManifest(manifest: SemanticManifest): SemanticManifest {
  return PLANNED.reduce((current, rule) => rule(current), manifest)
}
