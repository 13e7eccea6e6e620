import type { Manifest } from '../../manifest/index.js'
import type { Ready } from '../ready.js'

const IRREGULAR: Readonly<Record<string, string>> = {
  analysis: 'analyses',
  'saved query': 'saved queries',
  saved_query: 'saved_queries',
}

const plural = (kind: string): string => IRREGULAR[kind] ?? `${kind}s`

/** dbt's `Found 5 models, 3 seeds, 20 data tests, 421 macros`. */
export function reportContents(ready: Ready, manifest: Manifest): void {
  const counts = new Map<string, number>()
  const add = (kind: string, count = 1): void => {
    if (count > 0) counts.set(kind, (counts.get(kind) ?? 0) + count)
  }
  for (const id in manifest.nodes) {
    const type = manifest.nodes[id]!.resource_type
    add(type === 'test' ? 'data test' : type === 'sql_operation' ? 'sql operation' : type)
  }
  add('source', Object.keys(manifest.sources).length)
  add('exposure', Object.keys(manifest.exposures).length)
  add('metric', Object.keys(manifest.metrics).length)
  add('macro', Object.keys(manifest.macros).length)
  add('group', Object.keys(manifest.groups).length)
  add('semantic model', Object.keys(manifest.semantic_models).length)
  add('saved query', Object.keys(manifest.saved_queries).length)
  add('unit test', Object.keys(manifest.unit_tests).length)
  add('function', Object.keys(manifest.functions).length)
  const line = [...counts]
    .map(([kind, count]) => (count === 1 ? `1 ${kind === 'data test' ? 'test' : kind}` : `${count} ${plural(kind)}`))
    .join(', ')
  ready.info('FoundStats', 'W006', `Found ${line}`, { stat_line: line })
}
