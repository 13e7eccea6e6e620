import type { SavedQueryExport } from '../../manifest/semantic-manifest.js'
import type { SemanticCatalog } from '../catalog.js'
import { matchesSearch } from './search.js'

export interface SavedQuerySummary {
  readonly name: string
  readonly label: string | undefined
  readonly description: string | undefined
  readonly metrics: readonly string[]
  readonly groupBy: readonly string[]
  readonly exports: readonly SavedQueryExport[]
}

export function listSavedQueries(
  catalog: SemanticCatalog,
  { search }: { readonly search?: string },
): readonly SavedQuerySummary[] {
  return catalog.manifest.saved_queries
    .filter((query) => matchesSearch(search, [query.name, query.label, query.description]))
    .map((query) => ({
      name: query.name,
      label: query.label ?? undefined,
      description: query.description ?? undefined,
      metrics: query.query_params.metrics,
      groupBy: query.query_params.group_by,
      exports: query.exports ?? [],
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
