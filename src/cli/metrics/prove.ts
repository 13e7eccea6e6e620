import { fail } from '../../core/diagnostic.js'
import type { UniqueId } from '../../manifest/index.js'
import type { Proof } from '../../query/types.js'
import type { CompiledQuery } from '../../semantic/index.js'
import type { Ready } from '../ready.js'
import type { Metrics } from './open-metrics.js'
import { splitNames } from './question.js'

/** What `--require` asks for. @throws PlumbError for other words */
export function requiredGround({ options }: Ready): ('fresh' | 'tested')[] {
  return splitNames(options.list('require')).map((word) => {
    if (word === 'fresh' || word === 'tested') return word
    return fail(
      'usage',
      'bad-option-value',
      `Invalid value for '--require': '${word}' is not one of 'fresh', 'tested'.`,
    )
  })
}

/** What an answer stands on. */
export async function proofOf(compiled: CompiledQuery, { workspace }: Metrics): Promise<Proof> {
  const manifest = await workspace.manifest()
  const byRelation = new Map<string, UniqueId>()
  for (const node of [...Object.values(manifest.sources), ...Object.values(manifest.nodes)]) {
    const relation = 'relation_name' in node ? node.relation_name : null
    if (relation !== null) byRelation.set(relation, node.unique_id)
  }
  const { createProver } = await import('../../query/proof.js')
  const reads = compiled.lineage().tables.flatMap(({ relation }) => byRelation.get(relation) ?? [])
  return createProver({ manifest, targetDir: workspace.project.targetDir })(reads)
}
