import type { Value } from '../jinja/index.js'
import type { JsonObject, UniqueId } from '../manifest/index.js'
import type { MacroNamespace } from './macro-namespace.js'
import type { MacroRegistry } from './macro-registry.js'

export interface UnitTestOverrides {
  /** What a call of a macro gives, by the macro's id. */
  readonly macroResults: ReadonlyMap<UniqueId, Value>
  /** Names that are no macros but are given another value. */
  readonly values: ReadonlyMap<string, Value>
}

/**
 * What `overrides: macros:` of a unit test means: `is_incremental: true` for a name as the model sees it,
 * `dbt_utils.star: a, b` for a macro of a package. A name without package wins over one with.
 */
export function unitTestOverrides(
  macros: MacroRegistry,
  namespace: MacroNamespace,
  overrides: JsonObject,
): UnitTestOverrides {
  const macroResults = new Map<UniqueId, Value>()
  const values = new Map<string, Value>()
  const entries = Object.entries(overrides)
  for (const [name, value] of [...entries.filter(isNamespaced), ...entries.filter((entry) => !isNamespaced(entry))]) {
    const dot = name.indexOf('.')
    if (dot === -1) {
      const entry = namespace.find(name)
      if (entry?.kind === 'macro') macroResults.set(entry.macro.unique_id, value as Value)
      else if (entry === undefined) values.set(name, value as Value)
    } else {
      const macro = macros.inPackage(name.slice(0, dot), name.slice(dot + 1))
      if (macro !== undefined) macroResults.set(macro.unique_id, value as Value)
    }
  }
  return { macroResults, values }
}

function isNamespaced([name]: [string, unknown]): boolean {
  return name.includes('.')
}
