import type { Adapter, AdapterPlugin } from '../adapters/adapter.js'
import type { ColumnDescription } from '../adapters/column.js'
import type { LineageGraph } from '../lineage/index.js'
import type { Manifest, UniqueId } from '../manifest/index.js'
import { buildSemanticManifest, createSemanticEngine, dialects, type SemanticEngine } from '../semantic/index.js'
import { callerKey } from './policies/audience.js'
import type { Section } from './policies/policy-file.js'
import { readPolicies } from './policies/read-policies.js'
import { type CallerRules, rulesFor } from './policies/rules.js'
import { createProver } from './proof.js'
import type { Caller, Proof } from './types.js'

/** What the service needs of a warehouse. */
export type Warehouse = Pick<Adapter, 'plugin' | 'connect'> & {
  readonly introspect: Pick<Adapter['introspect'], 'describeQuery'>
}

/** What questions are asked of: a project as it was parsed, and its warehouse. Replaced as a whole after a change. */
export interface Ground {
  readonly manifest: Manifest
  readonly adapter: Warehouse
  /** Absolute; where builds leave their artifacts. */
  readonly targetDir: string
  /** Absolute. */
  readonly projectRoot: string
  /** policies.yml, when the project has one. */
  readonly policyFile?: Section | undefined
  /** Which columns are made of which, as far as that is known; masks follow it. */
  readonly lineage?: LineageGraph | null
  /** What the metrics mean, where it is not the manifest that says. */
  readonly semantics?: SemanticEngine | undefined
}

/** Callers whose rules are kept; JWTs can bring any number of them. */
const MOST_CALLERS = 1000

/** A ground with what is worked out from it, each once. */
export interface Survey extends Ground {
  engine(): SemanticEngine
  /** Which resource a relation of the warehouse is, by its name as rendered. */
  readonly byRelation: ReadonlyMap<string, UniqueId>
  /** @throws PlumbError when the project's policies cannot be followed. */
  rules(caller: Caller): CallerRules
  /** What an answer that reads these stands on, without what the caller may not know of. */
  prove(reads: Iterable<UniqueId>, caller: Caller): Proof
  /** The columns of tables that have masks, as the warehouse has them, filled in when they are needed. */
  readonly columns: Map<UniqueId, readonly ColumnDescription[]>
}

/** Gets a ground ready for questions; the semantic engine and the policies are made when they are first needed. */
export function survey(ground: Ground): Survey {
  const { manifest, adapter, policyFile: file, lineage = null } = ground
  const byRelation = new Map<string, UniqueId>()
  for (const node of [...Object.values(manifest.sources), ...Object.values(manifest.nodes)]) {
    if (node.relation_name !== null && node.relation_name !== undefined)
      byRelation.set(node.relation_name, node.unique_id)
  }
  let engine = ground.semantics
  let policies: ReturnType<typeof readPolicies> | undefined
  const rules = new Map<string, CallerRules>()
  const prover = createProver(ground)
  return {
    ...ground,
    byRelation,
    columns: new Map(),
    prove(reads, caller) {
      const proof = prover(reads)
      if (caller.owner) return proof
      const { reaches } = this.rules(caller)
      return { ...proof, nodes: proof.nodes.filter(({ uniqueId }) => reaches(uniqueId)) }
    },
    engine: () => (engine ??= createSemanticEngine(buildSemanticManifest(manifest), { dialect: dialectOf(adapter) })),
    rules(caller) {
      const key = callerKey(caller)
      let found = rules.get(key)
      if (found === undefined) {
        const all = caller.owner
          ? { grants: [], filters: [], masks: [] }
          : (policies ??= readPolicies({ manifest, file, lineage }))
        found = rulesFor(caller, all, manifest, adapter.plugin.dialect)
        if (rules.size >= MOST_CALLERS) rules.clear()
        rules.set(key, found)
      }
      return found
    },
  }
}

/** How metric queries are written for the adapter's warehouse: in its own dialect, or in that of its parent. */
function dialectOf({ plugin }: { readonly plugin: AdapterPlugin }) {
  const known: Readonly<Record<string, (typeof dialects)[keyof typeof dialects]>> = dialects
  return known[plugin.type] ?? known[plugin.parent ?? ''] ?? dialects.postgres
}
