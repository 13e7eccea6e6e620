import type { ModelNode } from '../../manifest/index.js'
import type { ParseState } from '../state.js'

/** Warns of models past their deprecation date, and of references to models that have one. Needs the edges. */
export function warnOfDeprecatedModels(state: ParseState): void {
  const { manifest, warnings, invocation } = state
  for (const id in manifest.nodes) {
    const node = manifest.nodes[id]!
    if (node.resource_type !== 'model' || node.deprecation_date === null) continue
    const isPast = Date.parse(node.deprecation_date) < invocation.now().getTime()
    const version = node.version ? String(node.version) : ''
    if (isPast) {
      warnings.warn(
        'DeprecatedModel',
        `Model ${node.name}${version && `.v${version}`} has passed its deprecation date of ${node.deprecation_date}. ` +
          'This model should be disabled or removed.',
        {
          nodeId: id,
          data: { model_name: node.name, model_version: version, deprecation_date: node.deprecation_date },
        },
      )
    }
    for (const childId of manifest.child_map[id] ?? []) {
      const child = manifest.nodes[childId]
      if (child?.resource_type === 'model') warnOfReference(state, node, version, child, isPast)
    }
  }
}

function warnOfReference(
  { warnings }: ParseState,
  target: ModelNode,
  version: string,
  child: ModelNode,
  isPast: boolean,
): void {
  const latest = String(target.latest_version ?? 'None')
  const newer =
    version !== '' && version !== latest
      ? `A new version of '${target.name}' is available. ${isPast ? 'Migrate now' : 'Try it out'}: ` +
        `{{ ref('${target.package_name}', '${target.name}', v='${latest}') }}.`
      : ''
  const fate = isPast ? 'which was deprecated on' : 'which is slated for deprecation on'
  warnings.warn(
    isPast ? 'DeprecatedReference' : 'UpcomingReferenceDeprecation',
    `While compiling '${child.name}': Found a reference to ${target.name}${version && `.v${version}`}, ${fate} ` +
      `'${target.deprecation_date}'. ${newer}`,
    {
      nodeId: child.unique_id,
      data: {
        model_name: child.name,
        ref_model_package: target.package_name,
        ref_model_name: target.name,
        ref_model_version: version,
        ref_model_latest_version: latest,
        ref_model_deprecation_date: target.deprecation_date,
      },
    },
  )
}
