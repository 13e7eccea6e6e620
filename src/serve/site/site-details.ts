import type { ColumnInfo, GraphNode, UniqueId } from '../../manifest/index.js'
import type { SiteColumn, SiteDetail, SiteFreshness } from './documents.js'
import { knownColumns } from './known-columns.js'
import type { SiteFacts } from './site.js'
import { formulaOf } from './site-metrics.js'
import { freshnessOf } from './site-nodes.js'
import { runNode } from './site-runs.js'

/** Everything about one resource that its page shows. */
export function siteDetail(node: GraphNode, facts: SiteFacts): SiteDetail {
  const table = facts.catalog?.nodes[node.unique_id] ?? facts.catalog?.sources[node.unique_id]
  const outcome = facts.outcomes.get(node.unique_id)
  const config = 'config' in node ? (node.config as Readonly<Record<string, unknown>>) : {}
  return {
    id: node.unique_id,
    description: 'description' in node ? (node.description ?? '') : '',
    columns: columnsOf(node, facts),
    language: 'language' in node ? node.language : null,
    source: 'raw_code' in node && node.raw_code !== '' ? node.raw_code : null,
    compiled: ('compiled_code' in node ? node.compiled_code : null) ?? outcome?.compiled_code ?? null,
    relation: 'relation_name' in node ? (node.relation_name ?? null) : null,
    owner: ownerOf(node, facts),
    meta: ('meta' in node ? (node.meta as Readonly<Record<string, unknown>>) : undefined) ?? {},
    config: Object.fromEntries(Object.entries(config).filter(([key, value]) => isTelling(key, value))),
    stats: Object.values(table?.stats ?? {})
      .filter(({ include, value }) => include && value !== null)
      .map(({ label, value }) => ({ label, value: String(value) })),
    freshness: freshness(node, facts),
    lastRun: outcome === undefined ? null : runNode(outcome, facts.visible === null),
    url: node.resource_type === 'exposure' ? node.url : null,
    metric: node.resource_type === 'metric' ? formulaOf(node, facts.manifest) : null,
  }
}

/** Settings that say something: neither empty nor shown elsewhere. */
function isTelling(key: string, value: unknown): boolean {
  if (key === 'meta' || key === 'tags' || value === null || value === false || value === '') return false
  return !(typeof value === 'object' && Object.keys(value).length === 0)
}

function columnsOf(node: GraphNode, facts: SiteFacts): SiteColumn[] {
  const declared = new Map<string, ColumnInfo>()
  if ('columns' in node) {
    for (const column of Object.values(node.columns ?? {})) declared.set(column.name.toLowerCase(), column)
  }
  const tests = testsByColumn(node.unique_id, facts)
  const { masked } = facts.visible ?? { masked: new Set<string>() }
  return knownColumns(node, facts).map(({ name, type }) => {
    const key = name.toLowerCase()
    const info = declared.get(key)
    const place = { node: node.unique_id, column: name }
    return {
      name,
      type: type ?? info?.data_type ?? null,
      description: info?.description || facts.lineage.descriptionOf(place),
      tags: [...new Set([...(info?.tags ?? []), ...facts.lineage.tagsOf(place)])],
      tests: tests.get(key) ?? [],
      masked: masked.has(`${node.unique_id}.${key}`) || masked.has(`${node.unique_id}.*`),
    }
  })
}

function testsByColumn(id: UniqueId, { manifest, numbers }: SiteFacts): Map<string, UniqueId[]> {
  const found = new Map<string, UniqueId[]>()
  for (const child of manifest.child_map?.[id] ?? []) {
    const test = manifest.nodes[child]
    if (!numbers.has(child) || test?.resource_type !== 'test' || test.test_metadata === undefined) continue
    if (test.attached_node !== null && test.attached_node !== id) continue
    const column = test.column_name?.toLowerCase()
    if (column === undefined || column === null) continue
    found.set(column, [...(found.get(column) ?? []), child])
  }
  return found
}

function ownerOf(node: GraphNode, { manifest }: SiteFacts): SiteDetail['owner'] {
  if (node.resource_type === 'exposure') return { ...node.owner }
  const name = 'group' in node ? node.group : null
  const group = Object.values(manifest.groups).find((each) => each.name === name)
  if (group !== undefined) return { ...group.owner, group: group.name }
  const meta = 'meta' in node ? (node.meta as { owner?: unknown }) : {}
  return typeof meta?.owner === 'string' ? { name: meta.owner } : null
}

function freshness(node: GraphNode, facts: SiteFacts): SiteFreshness | null {
  const status = freshnessOf(node, facts)
  if (status === null || node.resource_type !== 'source') return null
  const result = facts.sources?.results.find((each) => each.unique_id === node.unique_id)
  const known = result !== undefined && result.max_loaded_at !== undefined ? result : null
  return {
    status,
    loadedAt: known?.max_loaded_at ?? null,
    age: known?.max_loaded_at_time_ago_in_s ?? null,
    warnAfter: threshold(node.freshness?.warn_after),
    errorAfter: threshold(node.freshness?.error_after),
  }
}

function threshold(limit: { readonly count?: unknown; readonly period?: unknown } | null | undefined): string | null {
  if (limit?.count === undefined || limit.count === null) return null
  return `${limit.count} ${limit.period}${limit.count === 1 ? '' : 's'}`
}
