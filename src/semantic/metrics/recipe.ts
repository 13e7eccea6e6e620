import { grainRank, type TimeGranularity } from '../../sql/granularity.js'
import { isAggregationTimeOf } from '../catalog.js'
import {
  byBaseGrain,
  type Granularity,
  type GroupByItem,
  includesItem,
  standardGrain,
  type TimeItem,
} from '../group-by-item.js'
import type { BoundFilter } from '../query/bound-filter.js'
import type { SimpleMetric, Window } from './definition.js'
import type { Planner } from './metric-kind.js'

/** How a simple metric is aggregated in one place: the order of filters, time spine and aggregation. */
export interface Recipe {
  readonly metric: SimpleMetric
  readonly items: readonly GroupByItem[]
  /** Those of the items that are the metric's aggregation time. */
  readonly timeItems: readonly TimeItem[]
  readonly cumulative: CumulativeStretch | undefined
  readonly beforeAggregation: SpineJoin | undefined
  readonly afterAggregation: SpineJoin | undefined
  readonly filters: readonly BoundFilter[]
  /** Filters that hold again after times without values were added. */
  readonly filtersAfter: readonly BoundFilter[]
}

export interface CumulativeStretch {
  readonly window: Window | undefined
  readonly grainToDate: TimeGranularity | undefined
}

/** A join of the time spine: to move values in time, or to have a row for every time. */
export interface SpineJoin {
  readonly type: 'LEFT OUTER' | 'INNER'
  readonly window: Window | undefined
  readonly toGrain: TimeGranularity | undefined
  readonly filters: readonly BoundFilter[]
}

export interface RecipeRequest {
  readonly metric: SimpleMetric
  readonly items: readonly GroupByItem[]
  readonly filters: readonly BoundFilter[]
  readonly offsetWindow: Window | undefined
  readonly offsetToGrain: TimeGranularity | undefined
  readonly cumulative: CumulativeStretch | undefined
}

/**
 * Decides where each filter goes. Filters on the aggregation time alone select from the time spine when there is one,
 * so that times are chosen as they are shown and not as they were before the offset.
 */
export function buildRecipe(request: RecipeRequest, planner: Planner): Recipe {
  const { metric, items } = request
  const timeItems = items.filter((item): item is TimeItem => item.kind === 'time' && isAggregationTimeOf(metric, item))
  const own = splitFilters(metric, planner.filters.ofMetric(metric))
  const outer = splitFilters(metric, request.filters)
  const spineFilters = [...own.timeOnly, ...outer.timeOnly]
  const again = [...outer.timeless, ...outer.mixed].filter((filter) =>
    filter.items.every((item) => includesItem(items, item)),
  )
  const isOffset = request.offsetWindow !== undefined || request.offsetToGrain !== undefined
  const offset: SpineJoin = {
    type: 'INNER',
    window: request.offsetWindow,
    toGrain: request.offsetToGrain,
    filters: spineFilters,
  }
  const early = isOffset && !canShiftAfterwards(request, timeItems, planner)
  const late = isOffset && !early
  const base = {
    metric,
    items,
    timeItems,
    cumulative: request.cumulative,
    beforeAggregation: early ? offset : undefined,
    filters: isOffset ? [...own.timeless, ...outer.timeless, ...own.mixed, ...outer.mixed] : [...own.all, ...outer.all],
  }
  if (metric.joinToTimeSpine && timeItems.length > 0) {
    const filled: SpineJoin = late
      ? { ...offset, type: 'LEFT OUTER' }
      : { type: 'LEFT OUTER', window: undefined, toGrain: undefined, filters: spineFilters }
    return { ...base, afterAggregation: filled, filtersAfter: again }
  }
  return { ...base, afterAggregation: late ? offset : undefined, filtersAfter: isOffset ? again : [] }
}

interface FilterSplit {
  readonly all: readonly BoundFilter[]
  /** Speak of the aggregation time and nothing else. */
  readonly timeOnly: readonly BoundFilter[]
  readonly timeless: readonly BoundFilter[]
  readonly mixed: readonly BoundFilter[]
}

function splitFilters(metric: SimpleMetric, filters: readonly BoundFilter[]): FilterSplit {
  const kind = (filter: BoundFilter): 'timeOnly' | 'timeless' | 'mixed' => {
    const times = filter.items.filter((item) => isAggregationTimeOf(metric, item)).length
    if (times === 0) return 'timeless'
    return times === filter.items.length ? 'timeOnly' : 'mixed'
  }
  const of = (wanted: ReturnType<typeof kind>): BoundFilter[] => filters.filter((filter) => kind(filter) === wanted)
  return { all: filters, timeOnly: of('timeOnly'), timeless: of('timeless'), mixed: of('mixed') }
}

/**
 * Aggregated values can be moved only by multiples of the grain they are aggregated to; of custom grains nobody
 * knows, and weeks do not begin where months do.
 */
function canShiftAfterwards(request: RecipeRequest, timeItems: readonly TimeItem[], planner: Planner): boolean {
  const [finest] = [...timeItems].sort(byBaseGrain)
  const grain = finest?.grain
  const by = offsetGrain(request, planner)
  if (grain === undefined || grain.custom || by === undefined || by.custom) return false
  if (grain.base === 'week' && request.offsetToGrain !== undefined) return false
  return grainRank(grain.base) <= grainRank(by.base)
}

function offsetGrain(request: RecipeRequest, planner: Planner): Granularity | undefined {
  if (request.offsetToGrain !== undefined) return standardGrain(request.offsetToGrain)
  return request.offsetWindow && windowGrain(request.offsetWindow, planner)
}

/** The grain of a window: a custom one if a time spine defines it. */
export function windowGrain(window: Window, planner: Planner): Granularity {
  const custom = planner.catalog.spines.customGrains.get(window.granularity)
  return custom ?? standardGrain(window.granularity as TimeGranularity)
}
