import type { SemanticManifest, TimeWindow } from '../../../manifest/semantic-manifest.js'
import { isTimeGranularity } from '../../../sql/granularity.js'
import { error, type RuleIssue } from './rule.js'

export function customGrainsOf({ project_configuration }: SemanticManifest): ReadonlySet<string> {
  return new Set(
    project_configuration.time_spines.flatMap((spine) => spine.custom_granularities.map(({ name }) => name)),
  )
}

/** A window counts known grains; custom ones only where the time spine can count them. */
export function* checkWindow(
  { count, granularity }: TimeWindow,
  where: { readonly what: string; readonly subject: string },
  customGrains: ReadonlySet<string>,
  customAllowed: boolean,
): Iterable<RuleIssue> {
  const isKnown = (word: string): boolean => isTimeGranularity(word) || customGrains.has(word)
  const singular = granularity.endsWith('s') ? granularity.slice(0, -1) : granularity
  const grain = isKnown(singular) ? singular : granularity
  const start = `${where.what} is '${count} ${granularity}'`
  if (!isKnown(grain)) yield error(`${start}: there is no time granularity '${grain}'.`, where.subject)
  else if (!customAllowed && !isTimeGranularity(grain)) {
    yield error(`${start}, but it can only count standard granularities, not the custom '${grain}'.`, where.subject)
  }
}
