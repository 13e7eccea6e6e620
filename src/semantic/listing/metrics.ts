import type { MetricType } from '../../manifest/semantic-manifest.js'
import type { SemanticCatalog } from '../catalog.js'
import { matchesSearch } from './search.js'

export interface MetricSummary {
  readonly name: string
  readonly type: MetricType
  readonly label: string | undefined
  readonly description: string | undefined
  /** The grain `metric_time` has when a query does not say. */
  readonly defaultGrain: string | undefined
}

/** The metrics of a project by name, without those made for measures only. */
export function listMetrics(
  catalog: SemanticCatalog,
  { search }: { readonly search?: string },
): readonly MetricSummary[] {
  return catalog.manifest.metrics
    .filter((metric) => metric.type_params.is_private !== true)
    .filter((metric) => matchesSearch(search, [metric.name, metric.label, metric.description]))
    .map((metric) => ({
      name: metric.name,
      type: metric.type,
      label: metric.label ?? undefined,
      description: metric.description ?? undefined,
      defaultGrain: metric.time_granularity ?? undefined,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
