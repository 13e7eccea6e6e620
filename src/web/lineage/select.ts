import { PlumbError } from '../../core/diagnostic.js'
import { buildDag, type Dag, parseSelection, selectNodes } from '../../graph/index.js'
import type { GraphNode, Manifest, UniqueId } from '../../manifest/index.js'
import type { SiteNode } from '../../serve/site/documents.js'
import type { Project } from '../state/site.js'

/** Finds the resources a selector names: the command line's own code on the resources of the page. */
export interface Selecting {
  /** Numbers of the resources found, or what is wrong with the selector. */
  select(text: string): ReadonlySet<number> | string
}

export function createSelecting(project: Project): Selecting {
  const manifest = manifestOf(project)
  const dag: Dag = buildDag(manifest)
  return {
    select(text) {
      try {
        const { spec } = parseSelection({ select: text.trim().split(/\s+/), indirectSelection: 'eager' })
        const found = selectNodes(dag, manifest, spec, { includeEmpty: true })
        return new Set([...found].map((id) => project.numberOf.get(id)!))
      } catch (error) {
        if (error instanceof PlumbError) return error.message
        throw error
      }
    },
  }
}

/** As much of a manifest as selection methods look at. */
function manifestOf(project: Project): Manifest {
  const sections: Record<string, Record<UniqueId, GraphNode>> = {
    nodes: {},
    sources: {},
    exposures: {},
    metrics: {},
    semantic_models: {},
    saved_queries: {},
    unit_tests: {},
    functions: {},
  }
  project.nodes.forEach((node, number) => {
    const section = sections[SECTION[node.type] ?? 'nodes']!
    section[node.id] = resourceOf(
      node,
      project.parents[number]!.map((parent) => project.nodes[parent]!.id),
    )
  })
  const metadata = { project_name: project.index.project.name }
  return { ...sections, metadata, groups: {}, macros: {}, docs: {}, disabled: {}, selectors: {} } as unknown as Manifest
}

const SECTION: Readonly<Record<string, string>> = {
  source: 'sources',
  exposure: 'exposures',
  metric: 'metrics',
  semantic_model: 'semantic_models',
  saved_query: 'saved_queries',
  unit_test: 'unit_tests',
  function: 'functions',
}

function resourceOf(node: SiteNode, parents: readonly UniqueId[]): GraphNode {
  const dot = node.name.indexOf('.')
  const isSource = node.type === 'source'
  const resource = {
    unique_id: node.id,
    resource_type: node.type,
    name: isSource ? node.name.slice(dot + 1) : node.name,
    source_name: isSource ? node.name.slice(0, dot) : undefined,
    package_name: node.package,
    original_file_path: node.path,
    path: node.path,
    fqn: node.fqn,
    tags: node.tags,
    config: { enabled: true, materialized: node.materialized, tags: node.tags, schema: node.schema, group: node.group },
    depends_on: { nodes: parents, macros: [] },
    access: node.access,
    group: node.group,
    version: node.version,
    test_metadata: node.test === null ? undefined : { name: node.test.name, kwargs: {}, namespace: null },
    column_name: node.test?.column ?? null,
  }
  return resource as unknown as GraphNode
}
