import type { Adapter } from '../adapters/adapter.js'
import type { Manifest, UniqueId } from '../manifest/index.js'
import { buildSemanticManifest, createSemanticEngine, dialects, type SemanticEngine } from '../semantic/index.js'

/** What questions are asked of: a project as it was parsed, and its warehouse. Replaced as a whole after a change. */
export interface Ground {
  readonly manifest: Manifest
  readonly adapter: Adapter
  /** Absolute; where builds leave their artifacts. */
  readonly targetDir: string
  /** Absolute. */
  readonly projectRoot: string
}

/** A ground with what is worked out from it, each once. */
export interface Survey extends Ground {
  engine(): SemanticEngine
  /** Which resource a relation of the warehouse is, by its name as rendered. */
  readonly byRelation: ReadonlyMap<string, UniqueId>
}

/** Gets a ground ready for questions; the semantic engine is made when the first question needs it. */
export function survey(ground: Ground): Survey {
  const { manifest, adapter } = ground
  const byRelation = new Map<string, UniqueId>()
  for (const node of [...Object.values(manifest.sources), ...Object.values(manifest.nodes)]) {
    if (node.relation_name !== null && node.relation_name !== undefined)
      byRelation.set(node.relation_name, node.unique_id)
  }
  let engine: SemanticEngine | undefined
  return {
    ...ground,
    byRelation,
    engine: () => (engine ??= createSemanticEngine(buildSemanticManifest(manifest), { dialect: dialectOf(adapter) })),
  }
}

/** How metric queries are written for the adapter's warehouse: in its own dialect, or in that of its parent. */
function dialectOf({ plugin }: Adapter) {
  const known: Readonly<Record<string, (typeof dialects)[keyof typeof dialects]>> = dialects
  return known[plugin.type] ?? known[plugin.parent ?? ''] ?? dialects.postgres
}
