import type { SemanticManifest } from '../manifest/semantic-manifest.js'
import type { SqlDialect } from '../sql/plan/dialect.js'
import { renderSelect } from '../sql/plan/render.js'
import { SemanticCatalog } from './catalog.js'
import { optimizePlan } from './dataflow/optimize/index.js'
import { planQuery } from './dataflow/planner.js'
import { toSelect } from './dataflow/to-sql.js'
import { toPlannedManifest } from './manifest/transform/index.js'
import { DefinitionFilters } from './query/definition-filters.js'
import { GroupByResolver } from './query/group-by-resolver.js'
import type { MetricQuery } from './query/metric-query.js'
import { resolveQuery } from './query/resolve-query.js'

export interface CompiledQuery {
  readonly sql: string
}

export interface SemanticEngine {
  compile(query: MetricQuery): CompiledQuery
}

export function createSemanticEngine(
  manifest: SemanticManifest,
  options: { readonly dialect: SqlDialect },
): SemanticEngine {
  const catalog = new SemanticCatalog(toPlannedManifest(manifest))
  const resolver = new GroupByResolver(catalog)
  const filters = new DefinitionFilters(catalog, resolver)
  return {
    compile: (query) => {
      const spec = resolveQuery(query, catalog, resolver)
      const { plan, builder } = planQuery(spec, catalog, filters)
      const select = toSelect(optimizePlan(plan, builder, catalog), catalog)
      return { sql: renderSelect(select, options.dialect) }
    },
  }
}
