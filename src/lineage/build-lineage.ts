import type { GraphNode, UniqueId } from '../manifest/index.js'
import type { StatementLineage } from '../sql/analyze/index.js'
import { createLineageGraph, type LineageGraph } from './graph.js'
import { findHardCoded, type HardCodedTable } from './hard-coded.js'
import type { LineageInput } from './input.js'
import { type ReadNode, readNodes } from './node-lineage.js'
import { semanticLineage } from './semantic-lineage.js'
import { createStatements } from './statements.js'
import { declaredColumns, readsOf, resourcesOf } from './table-lineage.js'
import { testLineage } from './test-lineage.js'
import type { LineageColumn, LineageEdge, LineageNode } from './types.js'

/** Lineage of a project, and what was noticed while its SQL was read. */
export interface ProjectLineage {
  readonly graph: LineageGraph
  readonly hardCoded: readonly HardCodedTable[]
  /** What each statement gave, by the resource it makes. */
  readonly statements: ReadonlyMap<UniqueId, StatementLineage>
  /** Statements that had to be parsed; the others were known from before. */
  readonly parsed: number
  /** Remarks on single nodes: columns that could not be told for sure. */
  readonly notes: ReadonlyMap<UniqueId, readonly string[]>
}

/**
 * Lineage by column of everything in a manifest, from source columns to saved queries. What cannot be read is there by
 * table, and says why.
 */
export async function buildLineage(input: LineageInput): Promise<ProjectLineage> {
  const statements = createStatements(input)
  try {
    const read = await readNodes(input, statements)
    const nodes = new Map<UniqueId, LineageNode>()
    const edges: LineageEdge[] = []
    for (const node of read.values()) {
      nodes.set(node.id, lineageNode(node))
      edges.push(...statementEdges(node))
    }
    const columnsOf = (id: UniqueId): readonly string[] => nodes.get(id)?.columns.map(({ name }) => name) ?? []
    for (const part of [
      await semanticLineage(input.manifest, statements),
      await testLineage(input, columnsOf, statements),
    ]) {
      for (const node of part.nodes) nodes.set(node.id, node)
      edges.push(...part.edges)
    }
    for (const resource of resourcesOf(input.manifest)) {
      if (input.only !== undefined && !input.only.has(resource.unique_id) && !nodes.has(resource.unique_id)) continue
      if (!nodes.has(resource.unique_id)) nodes.set(resource.unique_id, unread(resource))
      edges.push(...readsOf(resource))
    }
    return {
      graph: createLineageGraph(
        nodes.values(),
        edges.filter((edge) => bothThere(edge, nodes)),
      ),
      hardCoded: findHardCoded(read.values()),
      statements: new Map(
        [...read.values()].flatMap(({ id, statement }) => (statement === undefined ? [] : [[id, statement]])),
      ),
      parsed: statements.parsed,
      notes: new Map(
        [...read.values()].flatMap(({ id, statement }) => (statement?.notes.length ? [[id, statement.notes]] : [])),
      ),
    }
  } finally {
    await statements.close()
  }
}

function bothThere({ from, to }: LineageEdge, nodes: ReadonlyMap<UniqueId, LineageNode>): boolean {
  return nodes.has(from.node) && nodes.has(to.node)
}

function lineageNode({ id, resource, reason, columns }: ReadNode): LineageNode {
  const declared = new Map(declaredColumns(resource).map((column) => [column.name.toLowerCase(), column]))
  return {
    id,
    name: resource.name,
    type: resource.resource_type,
    level: reason === null ? 'column' : 'table',
    reason,
    columns: columns.map(({ name, type }): LineageColumn => {
      const known = declared.get(name.toLowerCase())
      return { name, type: type ?? known?.type ?? null, description: known?.description ?? '', tags: known?.tags ?? [] }
    }),
  }
}

function unread(resource: GraphNode): LineageNode {
  return {
    id: resource.unique_id,
    name: resource.name,
    type: resource.resource_type,
    level: 'table',
    reason: 'it has no SQL whose columns could be followed',
    columns: declaredColumns(resource),
  }
}

/** One edge for each use of a column; a table that reads itself (incremental models) is no news. */
function statementEdges({ id, statement, reason }: ReadNode): LineageEdge[] {
  if (statement === undefined || reason !== null) return []
  const edges: LineageEdge[] = []
  for (const { name, sources } of statement.columns) {
    if (name === null) continue
    for (const { table, column, use } of sources)
      if (table !== id) edges.push({ from: { node: table, column }, to: { node: id, column: name }, kind: use })
  }
  for (const { table, column, use } of statement.rows)
    if (table !== id) edges.push({ from: { node: table, column }, to: { node: id, column: null }, kind: use })
  return edges
}
