import type { CatalogArtifact, RunResultsArtifact, SourcesArtifact } from '../../artifacts/index.js'
import type { LineageGraph } from '../../lineage/index.js'
import type { Manifest } from '../../manifest/index.js'
import type { Visible } from '../../query/index.js'
import type { SiteColumns, SiteDetail, SiteIndex, SiteMetrics, SiteRun, SiteRunDetail } from './documents.js'
import { withoutDefaults } from './node-defaults.js'
import { siteColumns } from './site-columns.js'
import { siteDetail } from './site-details.js'
import { type MetricListing, siteMetrics } from './site-metrics.js'
import { drawnNodes, edgesOf, siteNode } from './site-nodes.js'
import { lastOutcomes, runDetail, runSummary } from './site-runs.js'

/** What there is to show, and to whom. */
export interface SiteInput {
  readonly manifest: Manifest
  readonly adapter: string
  readonly catalog: CatalogArtifact | undefined
  /** Newest first. */
  readonly runs: readonly RunResultsArtifact[]
  readonly sources: SourcesArtifact | undefined
  readonly lineage: LineageGraph
  readonly listing: () => MetricListing
  /** Null: the project's owner, who sees everything. */
  readonly visible: Visible | null
  readonly madeFor: string | null
  readonly isStatic: boolean
  readonly generatedAt: string
  readonly plumbVersion: string
}

/** The documents of one view of a project. Each is made when asked for. */
export interface Site {
  index(): SiteIndex
  /** Of the nodes `shard * shardSize` and on; undefined when there are no such nodes. */
  details(shard: number): SiteDetail[] | undefined
  columns(): SiteColumns
  metrics(): SiteMetrics
  runs(): SiteRun[]
  run(id: string): SiteRunDetail | undefined
}

const SHARD_SIZE = 32

/** Cuts a project down to what the looker may see and puts it into documents. */
export function createSite(input: SiteInput): Site {
  const { manifest, runs, visible } = input
  const resources = drawnNodes(manifest, visible)
  const numbers = new Map(resources.map((resource, number) => [resource.unique_id, number]))
  const outcomes = lastOutcomes(runs)
  const facts = { ...input, outcomes, numbers }
  let index: SiteIndex | undefined
  let metrics: SiteMetrics | undefined
  const makeIndex = (): SiteIndex => ({
    format: 1,
    project: {
      name: manifest.metadata.project_name ?? '',
      adapter: input.adapter,
      generatedAt: input.generatedAt,
      plumbVersion: input.plumbVersion,
      madeFor: input.madeFor,
      isStatic: input.isStatic,
    },
    nodes: resources.map((resource) => withoutDefaults(siteNode(resource, facts))),
    edges: edgesOf(resources, numbers),
    groups: Object.values(manifest.groups)
      .filter(({ name }) => resources.some((resource) => 'group' in resource && resource.group === name))
      .map(({ name, owner }) => ({ name, owner: { ...owner } })),
    shardSize: SHARD_SIZE,
  })
  return {
    index: () => (index ??= makeIndex()),
    details(shard) {
      const part = resources.slice(shard * SHARD_SIZE, (shard + 1) * SHARD_SIZE)
      return part.length === 0 ? undefined : part.map((resource) => siteDetail(resource, facts))
    },
    columns: () => siteColumns(input.lineage, numbers),
    metrics: () => (metrics ??= siteMetrics(manifest, input.listing(), visible)),
    runs: () => runs.map((run) => runSummary(run, numbers)),
    run(id) {
      const run = runs.find((each) => each.metadata.invocation_id === id)
      // What the warehouse says of a failure may quote values: it is for the owner.
      return run && runDetail(run, numbers, visible === null)
    },
  }
}

/** What the documents of single resources are made from. */
export interface SiteFacts extends SiteInput {
  readonly outcomes: ReturnType<typeof lastOutcomes>
  readonly numbers: ReadonlyMap<string, number>
}
