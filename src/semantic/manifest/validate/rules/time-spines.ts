import type { SemanticManifest, TimeSpineConfig } from '../../../../manifest/semantic-manifest.js'
import { finerGrain, grainRank, isTimeGranularity, type TimeGranularity } from '../../../../sql/granularity.js'
import { listNames, type RuleIssue, warning } from '../rule.js'

/** One time spine per granularity, and one as fine as the finest time dimension. */
export function* timeSpines({ semantic_models, project_configuration }: SemanticManifest): Iterable<RuleIssue> {
  const spines = project_configuration.time_spines
  if (semantic_models.length === 0 || spines.length === 0) return
  const byGrain = new Map<string, TimeSpineConfig[]>()
  for (const spine of spines) {
    const grain = spine.primary_column.time_granularity
    byGrain.set(grain, [...(byGrain.get(grain) ?? []), spine])
  }
  const repeated = [...byGrain].filter(([, list]) => list.length > 1)
  if (repeated.length > 0) {
    const texts = repeated.map(
      ([grain, list]) => `${grain}: ${listNames(list.map((spine) => spine.node_relation.relation_name))}`,
    )
    yield warning(`Several time spines have the same granularity, of which one is used (${texts.join('; ')}).`)
  }
  const grains = semantic_models.flatMap((model) =>
    model.dimensions.flatMap((dimension) => dimension.type_params?.time_granularity?.toLowerCase() ?? []),
  )
  const finest = finestOf(grains)
  if (finest === undefined) {
    yield warning('There are time spines, but no time dimensions.')
    return
  }
  const finestSpine = finestOf([...byGrain.keys()].map((grain) => grain.toLowerCase()))
  if (finestSpine !== undefined && grainRank(finest) < grainRank(finestSpine)) {
    yield warning(
      `The finest time dimension has the granularity '${finest}', the finest time spine '${finestSpine}': ` +
        'metrics that need a time spine cannot be asked for by the finer times.',
    )
  }
}

function finestOf(words: readonly string[]): TimeGranularity | undefined {
  return words
    .filter(isTimeGranularity)
    .reduce<TimeGranularity | undefined>(
      (finest, grain) => (finest === undefined ? grain : finerGrain(finest, grain)),
      undefined,
    )
}
