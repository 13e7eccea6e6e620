import { dependenciesOf } from '../../graph/index.js'
import type { GraphNode, Manifest, UniqueId } from '../../manifest/index.js'
import { allResources, type Visible } from '../../query/index.js'
import type { Freshness, SiteNode, TestCounts } from './documents.js'
import { knownColumns } from './known-columns.js'
import type { SiteFacts } from './site.js'

/** Every resource that is shown, in an order that stays. */
export function drawnNodes(manifest: Manifest, visible: Visible | null): GraphNode[] {
  const all = allResources(manifest)
  return visible === null ? all : all.filter((node) => visible.resources.has(node.unique_id))
}

/** Pairs of numbers: what is read, who reads it. What is not shown has no edges. */
export function edgesOf(nodes: readonly GraphNode[], numbers: ReadonlyMap<UniqueId, number>): [number, number][] {
  return nodes.flatMap((node, to) =>
    [...new Set(dependenciesOf(node))].flatMap((id): [number, number][] => {
      const from = numbers.get(id)
      return from === undefined ? [] : [[from, to]]
    }),
  )
}

/** A resource in few words. */
export function siteNode(node: GraphNode, facts: SiteFacts): SiteNode {
  const config = 'config' in node ? (node.config as Readonly<Record<string, unknown>>) : {}
  const outcome = facts.outcomes.get(node.unique_id)
  return {
    id: node.unique_id,
    name: node.resource_type === 'source' ? `${node.source_name}.${node.name}` : node.name,
    type: node.resource_type,
    package: node.package_name,
    path: node.original_file_path,
    fqn: node.fqn ?? [],
    tags: tagsOf(node),
    materialized: textOf(config.materialized),
    schema: 'schema' in node ? textOf(node.schema) : null,
    access: node.resource_type === 'model' ? node.access : null,
    group: 'group' in node ? textOf(node.group) : textOf(config.group),
    version: node.resource_type === 'model' ? node.version : null,
    about: firstSentence('description' in node ? (node.description ?? '') : ''),
    label: 'label' in node ? textOf(node.label) : null,
    status: outcome?.status ?? null,
    seconds: outcome?.execution_time ?? null,
    freshness: freshnessOf(node, facts),
    tests: testCounts(node.unique_id, facts),
    columns: knownColumns(node, facts).map(({ name }) => name),
    test: testOf(node),
  }
}

export function tagsOf(node: GraphNode): readonly string[] {
  if ('tags' in node && Array.isArray(node.tags)) return node.tags
  const tags = 'config' in node ? (node.config as { tags?: unknown }).tags : undefined
  return Array.isArray(tags) ? tags.map(String) : typeof tags === 'string' ? [tags] : []
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** Up to 160 characters of the first paragraph. */
function firstSentence(description: string): string {
  const paragraph = description
    .trim()
    .split(/\n\s*\n/, 1)[0]!
    .replace(/\s+/g, ' ')
  return paragraph.length <= 160 ? paragraph : `${paragraph.slice(0, 157)}...`
}

function testOf(node: GraphNode): SiteNode['test'] {
  if (node.resource_type !== 'test') return null
  return {
    name: node.test_metadata?.name ?? node.name,
    column: node.test_metadata === undefined ? null : (node.column_name ?? null),
    severity: String(node.config.severity ?? 'error').toLowerCase(),
  }
}

export function freshnessOf(node: GraphNode, { sources }: SiteFacts): Freshness | null {
  if (node.resource_type !== 'source' || node.freshness === null) return null
  const status = sources?.results.find((result) => result.unique_id === node.unique_id)?.status
  return status === undefined || status === 'runtime error' ? 'unknown' : status
}

function testCounts(id: UniqueId, { manifest, outcomes, numbers }: SiteFacts): TestCounts {
  const counts = { pass: 0, warn: 0, fail: 0, unknown: 0 }
  for (const child of manifest.child_map?.[id] ?? []) {
    if (!numbers.has(child) || !/^(?:test|unit_test)\./.test(child)) continue
    const status = outcomes.get(child)?.status
    if (status === 'pass' || status === 'success') counts.pass++
    else if (status === 'warn') counts.warn++
    else if (status === 'fail' || status === 'error') counts.fail++
    else counts.unknown++
  }
  return counts
}
