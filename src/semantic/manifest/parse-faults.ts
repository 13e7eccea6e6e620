import type { Diagnostic } from '../../core/diagnostic.js'
import type { Manifest } from '../../manifest/index.js'
import { buildSemanticManifest } from './build.js'
import { issueDiagnostic, type RuleName, validateManifest } from './validate/index.js'

/** The rules dbt holds definitions to whenever it parses a project, and those for metrics without measures. */
const PARSE_RULES: readonly RuleName[] = [
  'measure-percentiles',
  'derived-metrics',
  'measure-counts',
  'unique-measures',
  'validity-windows',
  'dimension-consistency',
  'element-consistency',
  'natural-entities',
  'measure-aliases',
  'metric-measures',
  'cumulative-metrics',
  'non-empty',
  'unique-names',
  'agg-time-dimensions',
  'reserved-words',
  'measure-non-additive-dimensions',
  'model-defaults',
  'primary-entities',
  'unique-dimensions',
  'where-filters',
  'saved-queries',
  'metric-labels',
  'model-labels',
  'entity-labels',
  'conversion-metrics',
  'time-spines',
  'metric-aggregation-params',
  'metric-counts',
  'metric-non-additive-dimensions',
  'metric-percentiles',
  'simple-metric-expr',
]

/** A fault of a definition, and the name of what it is in: `metric.revenue`, `semantic_model.orders`. */
export interface DefinitionFault {
  readonly diagnostic: Diagnostic
  readonly owner: string | undefined
}

/** What is wrong with the definitions of metrics in a project: what dbt refuses to parse. */
export function definitionFaults(manifest: Manifest): DefinitionFault[] {
  return validateManifest(buildSemanticManifest(manifest), PARSE_RULES)
    .filter(({ level }) => level === 'error')
    .map((issue) => {
      const named = /^(metric|semantic model|saved query) ([^\s(]+)/.exec(issue.subject ?? '')
      return {
        diagnostic: issueDiagnostic(issue),
        owner: named === null ? undefined : `${named[1]!.replace(' ', '_')}.${named[2]}`,
      }
    })
}
