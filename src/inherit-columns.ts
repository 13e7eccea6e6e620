import { fail } from './core/diagnostic.js'
import type { LineageGraph } from './lineage/index.js'
import { projectLineage } from './lineage-graph.js'
import type { ColumnInfo, Json, JsonObject, Manifest, ManifestNode } from './manifest/index.js'
import type { Workspace } from './workspace.js'

const KINDS = ['description', 'tags', 'meta'] as const
type Kind = (typeof KINDS)[number]

/**
 * Gives columns that are pure copies the descriptions, tags and meta of what they are copies of, in the manifest, where
 * the project asks for it: `vars: {plumbline: {inherit_columns: true}}`, or a list of the three. Without that the
 * manifest stays as dbt writes it.
 * @throws PlumbError `bad-inherit-columns` for another value
 */
export async function inheritColumns(workspace: Workspace, manifest: Manifest): Promise<void> {
  const kinds = kindsAsked(workspace.project.root.config.vars)
  if (kinds.size === 0) return
  const { graph } = await projectLineage(workspace)
  for (const node of Object.values(manifest.nodes)) {
    if (node.resource_type !== 'model' && node.resource_type !== 'snapshot') continue
    inheritInto(node, graph, manifest, kinds)
  }
}

function kindsAsked(vars: JsonObject): ReadonlySet<Kind> {
  const own = vars['plumbline']
  const asked = isObject(own) ? own['inherit_columns'] : undefined
  if (asked === undefined || asked === null || asked === false) return new Set()
  if (asked === true) return new Set(KINDS)
  const list = Array.isArray(asked) ? asked : [asked]
  const kinds = list.filter((each): each is Kind => KINDS.includes(each as Kind))
  if (kinds.length < list.length)
    return fail(
      'project',
      'bad-inherit-columns',
      `vars.plumbline.inherit_columns: ${JSON.stringify(asked)} is not known`,
      {
        hint: `true, false, or a list of ${KINDS.join(', ')}`,
      },
    )
  return new Set(kinds)
}

function inheritInto(node: ManifestNode, graph: LineageGraph, manifest: Manifest, kinds: ReadonlySet<Kind>): void {
  for (const { name } of graph.nodes.get(node.unique_id)?.columns ?? []) {
    const above = graph
      .copiesOf({ node: node.unique_id, column: name })
      .slice(1)
      .flatMap(({ node: id, column }) => columnOf(manifest, id, column ?? '') ?? [])
    if (above.length === 0) continue
    const own = columnOf(manifest, node.unique_id, name)
    const column = inherited(own ?? emptyColumn(name), above, kinds)
    // A column that is not described stays out when there is nothing to say of it.
    if (column !== undefined) node.columns = { ...node.columns, [own?.name ?? name]: column }
  }
}

/** The column with what it lacks; undefined when it lacks nothing that those above have. */
function inherited(own: ColumnInfo, above: readonly ColumnInfo[], kinds: ReadonlySet<Kind>): ColumnInfo | undefined {
  const described =
    kinds.has('description') && own.description === '' ? above.find((each) => each.description) : undefined
  const tags = kinds.has('tags') ? above.flatMap(tagsOf).filter((tag) => !tagsOf(own).includes(tag)) : []
  const meta: Record<string, Json> = {}
  if (kinds.has('meta'))
    // Rules of who may see a column follow it by themselves.
    for (const [key, value] of above.flatMap((each) => Object.entries(metaOf(each))))
      if (key !== 'plumbline' && !(key in metaOf(own)) && !(key in meta)) meta[key] = value
  if (described === undefined && tags.length === 0 && Object.keys(meta).length === 0) return undefined
  const allTags = [...new Set([...tagsOf(own), ...tags])]
  const allMeta = { ...metaOf(own), ...meta }
  return {
    ...own,
    ...(described && { description: described.description, doc_blocks: described.doc_blocks }),
    tags: allTags,
    meta: allMeta,
    config: { ...own.config, tags: allTags, meta: allMeta },
  }
}

function columnOf(manifest: Manifest, id: string, name: string): ColumnInfo | undefined {
  const resource = manifest.nodes[id] ?? manifest.sources[id]
  if (resource === undefined || !('columns' in resource)) return undefined
  const wanted = name.toLowerCase()
  return Object.values(resource.columns).find((column) => column.name.toLowerCase() === wanted)
}

function tagsOf({ tags, config }: ColumnInfo): string[] {
  return [...new Set([...(tags ?? []), ...(config?.tags ?? [])])]
}

function metaOf({ meta, config }: ColumnInfo): JsonObject {
  return { ...config?.meta, ...meta }
}

function emptyColumn(name: string): ColumnInfo {
  return {
    name,
    description: '',
    meta: {},
    data_type: null,
    constraints: [],
    quote: null,
    config: { meta: {}, tags: [] },
    tags: [],
    granularity: null,
    doc_blocks: [],
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
