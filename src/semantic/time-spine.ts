import { fail } from '../core/diagnostic.js'
import type { SemanticManifest } from '../manifest/semantic-manifest.js'
import { grainRank, isTimeGranularity, type TimeGranularity } from '../sql/granularity.js'
import type { Granularity, TimeItem } from './group-by-item.js'

/** A calendar table: one row per moment of its base grain, with columns for calendars of one's own. */
export interface TimeSpine {
  readonly relation: string
  readonly label: string
  readonly column: string
  readonly grain: TimeGranularity
  /** Column by custom grain. */
  readonly customColumns: ReadonlyMap<string, string>
}

/** The time spines of a manifest: at most one for each base grain, the newer kind of configuration first. */
export class TimeSpines {
  readonly #byGrain = new Map<TimeGranularity, TimeSpine>()
  readonly #byCustomGrain = new Map<string, TimeSpine>()
  readonly customGrains: ReadonlyMap<string, Granularity>

  constructor(manifest: SemanticManifest) {
    const configuration = manifest.project_configuration
    for (const config of configuration.time_spines) {
      const grain = config.primary_column.time_granularity.toLowerCase()
      if (!isTimeGranularity(grain)) continue
      this.#byGrain.set(grain, {
        relation: config.node_relation.relation_name,
        label: config.node_relation.alias,
        column: config.primary_column.name,
        grain,
        customColumns: new Map(config.custom_granularities.map((c) => [c.name.toLowerCase(), c.column_name || c.name])),
      })
    }
    for (const legacy of configuration.time_spine_table_configurations) {
      const grain = legacy.grain.toLowerCase()
      if (!isTimeGranularity(grain) || this.#byGrain.has(grain)) continue
      const label = legacy.location.split('.').at(-1)?.replaceAll(/["`]/g, '') ?? 'time_spine'
      this.#byGrain.set(grain, {
        relation: legacy.location,
        label,
        column: legacy.column_name,
        grain,
        customColumns: new Map(),
      })
    }
    const custom = new Map<string, Granularity>()
    for (const spine of this.#byGrain.values()) {
      for (const name of spine.customColumns.keys()) {
        this.#byCustomGrain.set(name, spine)
        custom.set(name, { name, base: spine.grain, custom: true })
      }
    }
    this.customGrains = custom
  }

  get all(): readonly TimeSpine[] {
    return [...this.#byGrain.values()]
  }

  get finestGrain(): TimeGranularity | undefined {
    return [...this.#byGrain.keys()].sort((a, b) => grainRank(a) - grainRank(b))[0]
  }

  /** The spine whose table has the column of a custom grain. */
  ofCustomGrain(name: string): TimeSpine {
    const spine = this.#byCustomGrain.get(name)
    if (spine === undefined)
      fail('semantic', 'custom-grain-not-found', `No time spine defines the granularity '${name}'.`)
    return spine
  }

  /**
   * The spines needed for `items`, finest first: for each custom grain the one that has it, and for the standard
   * grains the coarsest that is still fine enough (a date part needs days), unless one of the former will do.
   * @throws PlumbError `time-spine-too-coarse` when no spine is fine enough.
   */
  choose(items: readonly TimeItem[]): readonly TimeSpine[] {
    const chosen = new Set<TimeSpine>()
    let finest = items[0]?.grain?.base ?? 'day'
    for (const item of items) {
      const base = item.grain?.base ?? 'day'
      if (grainRank(base) < grainRank(finest)) finest = base
      if (item.grain?.custom) chosen.add(this.ofCustomGrain(item.grain.name))
    }
    const compatible = this.all.filter((spine) => grainRank(spine.grain) <= grainRank(finest))
    if (compatible.length === 0) {
      fail('semantic', 'time-spine-too-coarse', `This query needs a time spine of granularity '${finest}' or finer.`, {
        hint:
          this.all.length === 0
            ? 'configure one: a model with time_spine.standard_granularity_column'
            : `the finest configured is '${this.finestGrain}'`,
      })
    }
    if (!compatible.some((spine) => chosen.has(spine))) {
      chosen.add(compatible.reduce((a, b) => (grainRank(b.grain) > grainRank(a.grain) ? b : a)))
    }
    return [...chosen].sort((a, b) => grainRank(a.grain) - grainRank(b.grain))
  }
}
