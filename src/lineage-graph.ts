import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { ColumnSelection } from './graph/index.js'
import {
  createLineageGraph,
  EDGE_KINDS,
  type HardCodedTable,
  type LineageEdge,
  type LineageGraph,
  type LineageNode,
} from './lineage/index.js'
import { readJson, writeJson } from './lineage-cache.js'
import { PARSE_CACHE_FILE } from './parse/cache/cache-file.js'
import type { Workspace } from './workspace.js'

/** Column lineage of a whole project. */
export interface KnownLineage {
  readonly graph: LineageGraph
  readonly hardCoded: readonly HardCodedTable[]
}

/** Edges as places in lists: a project of 700 models has 100,000 of them. */
interface LineageFile {
  readonly stamp: string
  readonly nodes: readonly LineageNode[]
  readonly columns: readonly string[]
  /** Node and column (-1 for none) of `from` and of `to`, and the kind; one after another. */
  readonly edges: readonly number[]
  readonly hardCoded: readonly HardCodedTable[]
}

/**
 * Column lineage of a project: the last one when neither the project nor the warehouse has changed since, else worked
 * out anew, with the statements that are known from before.
 */
export async function projectLineage(workspace: Workspace): Promise<KnownLineage> {
  const path = join(workspace.project.targetDir, 'lineage_graph.json')
  const stamp = await stampOf(workspace)
  const known = stamp === undefined ? undefined : readJson<LineageFile>(path)
  if (known !== undefined && known.stamp === stamp)
    return { graph: createLineageGraph(known.nodes, readEdges(known)), hardCoded: known.hardCoded }
  const { analyzeProject, lineageOf } = await import('./project-lineage.js')
  const { graph, hardCoded } = await lineageOf(workspace, await analyzeProject(workspace))
  // What changed while it was read belongs to neither state.
  if (stamp !== undefined && workspace.flags.writeJson && stamp === (await stampOf(workspace)))
    await writeJson(path, lineageFile(stamp, graph, hardCoded))
  return { graph, hardCoded }
}

/**
 * Tells one state of project, warehouse and settings from another; undefined where that cannot be told. Templates may
 * ask for the day, so that each has its own.
 */
async function stampOf(workspace: Workspace): Promise<string | undefined> {
  const { flags, project, invocation } = workspace
  const { fromCache } = await workspace.parse()
  const plugin = await workspace.plugin()
  const data = plugin.stateStamp?.(plugin.credentials({ ...project.profile?.output }, project.root.root))
  const parse = fileStamp(join(project.targetDir, PARSE_CACHE_FILE), fromCache ? 0 : invocation.startedAt.getTime())
  const files = Object.values((await workspace.manifest()).sources).some(
    (source) => plugin.renderSource?.(source, { execute: false }) != null,
  )
  if (data === undefined || parse === undefined || files || flags.defer || flags.sample !== null) return undefined
  return [
    parse,
    data,
    invocation.startedAt.toISOString().slice(0, 10),
    JSON.stringify([flags.fullRefresh, flags.empty, flags.introspect, flags.args['inject_ephemeral_ctes'] ?? null]),
  ].join('|')
}

/** Size and time of a file that is not older than `since`. */
function fileStamp(path: string, since: number): string | undefined {
  try {
    const { size, mtimeMs } = statSync(path)
    return mtimeMs < since ? undefined : `${size}@${mtimeMs}`
  } catch {
    return undefined
  }
}

function lineageFile(stamp: string, graph: LineageGraph, hardCoded: readonly HardCodedTable[]): LineageFile {
  const nodes = [...graph.nodes.values()]
  const nodeAt = new Map(nodes.map(({ id }, i) => [id, i]))
  const columns = new Map<string, number>()
  const columnAt = (name: string | null): number => {
    if (name === null) return -1
    const place = columns.get(name) ?? columns.size
    columns.set(name, place)
    return place
  }
  const edges = graph.edges.flatMap(({ from, to, kind }) => [
    nodeAt.get(from.node)!,
    columnAt(from.column),
    nodeAt.get(to.node)!,
    columnAt(to.column),
    EDGE_KINDS.indexOf(kind),
  ])
  return { stamp, nodes, columns: [...columns.keys()], edges, hardCoded }
}

function readEdges({ nodes, columns, edges }: LineageFile): LineageEdge[] {
  const read: LineageEdge[] = []
  const place = (at: number) => ({ node: nodes[edges[at]!]!.id, column: columns[edges[at + 1]!] ?? null })
  for (let i = 0; i < edges.length; i += 5)
    read.push({ from: place(i), to: place(i + 2), kind: EDGE_KINDS[edges[i + 4]!]! })
  return read
}

/** Answers for `column:orders.amount+`. */
export async function columnSelection(workspace: Workspace): Promise<ColumnSelection> {
  const manifest = await workspace.manifest()
  const { graph } = await projectLineage(workspace)
  const { findPlace } = await import('./lineage/index.js')
  // The connection is not needed any more, and whoever runs next opens its own.
  await workspace.close()
  return {
    resourceOf: (column) => findPlace(graph, manifest, column).node,
    reach(column, direction, depth) {
      const place = findPlace(graph, manifest, column)
      const options = { depth: depth ?? undefined }
      const slice = direction === 'up' ? graph.upstream(place, options) : graph.downstream(place, options)
      return new Set(slice.nodes.map(({ id }) => id).filter((id) => id !== place.node))
    },
  }
}
