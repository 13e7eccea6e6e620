import { diagnostic } from '../../core/diagnostic.js'
import { describeNode, type Manifest, type MetricNode, type ModelNode } from '../../manifest/index.js'
import type { ParseState } from '../state.js'

/** The name of a time spine from before time spines were described in YAML. */
const LEGACY_SPINE = 'metricflow_time_spine'
const DAY_OR_SMALLER = new Set(['nanosecond', 'microsecond', 'millisecond', 'second', 'minute', 'hour', 'day'])

/** Metrics need a time spine; some ways to write spines and metrics are on their way out. */
export function checkSemanticLayer(state: ParseState): void {
  const { manifest } = state
  if (Object.keys(manifest.metrics).length === 0 || Object.keys(manifest.semantic_models).length === 0) return
  checkTimeSpine(state)
  checkCumulative(state)
}

function checkTimeSpine({ manifest, flags, bag, warnings, names }: ParseState): void {
  const grains = spineGrains(manifest)
  const legacy = names.refable(LEGACY_SPINE, null) as ModelNode | undefined
  if (legacy === undefined && !grains.some((grain) => DAY_OR_SMALLER.has(grain))) {
    bag.add(
      diagnostic(
        'parsing',
        'time-spine-missing',
        'The semantic layer requires a time spine model with granularity DAY or smaller in the project, ' +
          'but none was found. Guidance on creating this model can be found on our docs site ' +
          '(https://docs.getdbt.com/docs/build/metricflow-time-spine).',
        { hint: 'add a model with one row for each day and describe it with `time_spine:` in its properties file' },
      ),
    )
    return
  }
  const required = flags.behavior['require_yaml_configuration_for_mf_time_spines'] === true
  if (required || !legacy || legacy.time_spine || grains.includes('day')) return
  warnings.deprecate(
    'MFTimespineWithoutYamlConfigurationDeprecation',
    "Time spines without YAML configuration are in the process of deprecation. Please add YAML configuration for your 'metricflow_time_spine' model. " +
      'See documentation on MetricFlow time spines: https://docs.getdbt.com/docs/build/metricflow-time-spine and behavior change documentation: ' +
      'https://docs.getdbt.com/reference/global-configs/behavior-changes.',
  )
}

function spineGrains(manifest: Manifest): string[] {
  const grains: string[] = []
  for (const id in manifest.nodes) {
    const node = manifest.nodes[id]!
    if (node.resource_type !== 'model' || node.time_spine === null) continue
    const grain = node.columns[node.time_spine.standard_granularity_column]?.granularity
    if (typeof grain === 'string') grains.push(grain)
  }
  return grains
}

/** `window` and `grain_to_date` belong under `cumulative_type_params`. */
function checkCumulative({ manifest, flags, bag, warnings }: ParseState): void {
  const old = Object.values(manifest.metrics).filter(usesOldParams)
  if (old.length === 0) return
  if (flags.behavior['require_nested_cumulative_type_params'] !== true) {
    warnings.deprecate(
      'MFCumulativeTypeParamsDeprecation',
      'Cumulative fields `type_params.window` and `type_params.grain_to_date` have been moved and will soon be deprecated. ' +
        'Please nest those values under `type_params.cumulative_type_params.window` and ' +
        '`type_params.cumulative_type_params.grain_to_date`. See documentation on behavior changes: ' +
        'https://docs.getdbt.com/reference/global-configs/behavior-changes.',
    )
    return
  }
  const message =
    'Cumulative fields `type_params.window` and `type_params.grain_to_date` should be nested under ' +
    '`type_params.cumulative_type_params.window` and `type_params.cumulative_type_params.grain_to_date`. Invalid metrics: ' +
    `${old.map((metric) => metric.name).join(', ')}. See documentation on behavior changes: ` +
    'https://docs.getdbt.com/reference/global-configs/behavior-changes.'
  bag.add(
    diagnostic('parsing', 'cumulative-type-params', message, {
      nodeId: old[0]!.unique_id,
      subject: describeNode(old[0]!),
    }),
  )
}

function usesOldParams({ type_params: params }: MetricNode): boolean {
  return Boolean(params['window']) || Boolean(params['grain_to_date'])
}
