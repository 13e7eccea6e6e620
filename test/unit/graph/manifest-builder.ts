import type { GraphNode, Manifest, ModelNode, ResourceType } from '../../../src/manifest/index.js'
import { readFixtureManifest } from './selection-fixture.js'

/** One resource of a small manifest: `name`, what it stands on, and whatever else matters. */
export interface Sketch {
  readonly name: string
  readonly type?: ResourceType
  readonly parents?: readonly string[]
  readonly rest?: Record<string, unknown>
}

/** Id of a sketch: `model.p.a`; a name with a type before it keeps it (`test.t`). */
export function idOf(name: string, type: ResourceType = 'model'): string {
  return type === 'source' ? `source.p.s.${name}` : `${type}.p.${name}`
}

/** A manifest of package `p` with these resources, complete enough for graph and plan. */
export function sketchManifest(sketches: readonly Sketch[]): Manifest {
  const manifest: Manifest = {
    ...readFixtureManifest(),
    nodes: {},
    sources: {},
    macros: {},
    docs: {},
    exposures: {},
    metrics: {},
    groups: {},
    selectors: {},
    disabled: {},
    saved_queries: {},
    semantic_models: {},
    unit_tests: {},
    functions: {},
  }
  manifest.metadata.project_name = 'p'
  const ids = new Map(sketches.map((s) => [s.name, idOf(s.name, s.type)]))
  for (const { name, type = 'model', parents = [], rest = {} } of sketches) {
    const node = {
      name,
      resource_type: type,
      package_name: 'p',
      path: `${name}.sql`,
      original_file_path: `models/${name}.sql`,
      unique_id: idOf(name, type),
      fqn: ['p', name],
      config: { enabled: true, materialized: 'view', tags: [], meta: {} },
      tags: [],
      raw_code: 'select 1',
      source_name: 's',
      depends_on: { macros: [], nodes: parents.map((parent) => ids.get(parent) ?? parent) },
      version: null,
      ...rest,
    } as unknown as GraphNode
    const section = SECTIONS[type] ?? 'nodes'
    Object.assign(manifest[section], { [node.unique_id]: node })
  }
  return manifest
}

const SECTIONS: Partial<Record<ResourceType, keyof Manifest>> = {
  source: 'sources',
  exposure: 'exposures',
  metric: 'metrics',
  semantic_model: 'semantic_models',
  saved_query: 'saved_queries',
  unit_test: 'unit_tests',
  function: 'functions',
}

/** A chain `a -> b -> c`. */
export function chain(...names: string[]): Sketch[] {
  return names.map((name, i) => ({ name, parents: i === 0 ? [] : [names[i - 1]!] }))
}

export function modelNamed(manifest: Manifest, name: string): ModelNode {
  return manifest.nodes[idOf(name)] as ModelNode
}
