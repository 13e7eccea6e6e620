import type { MacroNode } from '../manifest/index.js'

/** Where a macro comes from; a stronger place wins among macros of one name. */
export type Locality = 'builtin' | 'imported' | 'root'

const STRENGTH: Readonly<Record<Locality, number>> = { builtin: 1, imported: 2, root: 3 }

export interface MacroCandidate {
  readonly macro: MacroNode
  readonly locality: Locality
}

/** The strongest candidate: root over imported over built-in; among equals the one declared last. */
export function strongest(candidates: readonly MacroCandidate[]): MacroCandidate | undefined {
  let best: MacroCandidate | undefined
  for (const candidate of candidates) {
    if (best === undefined || STRENGTH[candidate.locality] >= STRENGTH[best.locality]) best = candidate
  }
  return best
}

export interface MaterializationChoice {
  readonly macro: MacroNode
  /** Set when an installed package replaced a built-in materialization, which is deprecated. */
  readonly overriddenBy: string | undefined
}

/**
 * Picks a materialization as dbt does: the macro for the warehouse itself before those of its parents before `default`;
 * then by place. A package may not silently replace a built-in one unless the behaviour flag
 * `require_explicit_package_overrides_for_builtin_materializations` is off.
 * @param byAdapter candidates per adapter type, most specific first.
 */
export function chooseMaterialization(
  byAdapter: readonly (readonly MacroCandidate[])[],
  explicitOverrides: boolean,
): MaterializationChoice | undefined {
  const first = (accept: (candidate: MacroCandidate) => boolean): MacroCandidate | undefined => {
    for (const candidates of byAdapter) {
      const found = strongest(candidates.filter(accept))
      if (found !== undefined) return found
    }
    return undefined
  }
  const best = first(() => true)
  if (best === undefined) return undefined
  const shadowsBuiltin = best.locality === 'imported' && byAdapter.some((c) => c.some((m) => m.locality === 'builtin'))
  if (!shadowsBuiltin) return { macro: best.macro, overriddenBy: undefined }
  if (!explicitOverrides) return { macro: best.macro, overriddenBy: best.macro.package_name }
  const allowed = first((candidate) => candidate.locality !== 'imported')
  return allowed && { macro: allowed.macro, overriddenBy: undefined }
}
