import type { DatePart } from '../../sql/granularity.js'
import { isDatePart, isTimeGranularity } from '../../sql/granularity.js'
import { type GroupByItem, METRIC_TIME } from '../group-by-item.js'
import type { CallFault, ObjectCall } from './object-call.js'

/** A possibly incomplete name of something to group by: what it must be, the rest is resolved. */
export interface ItemPattern {
  readonly kinds: ReadonlySet<GroupByItem['kind']>
  readonly element: string
  /** The end of the path; empty means: no path at all. */
  readonly path: readonly string[]
  /** Only this grain; undefined: any, the finest or the metric's default is taken. */
  readonly grain: string | undefined
  readonly part: DatePart | undefined
  /** As the user wrote it. */
  readonly text: string
}

export const ANY: ReadonlySet<GroupByItem['kind']> = new Set(['dimension', 'entity', 'time'])
const DIMENSIONS: ReadonlySet<GroupByItem['kind']> = new Set(['dimension', 'time'])
const TIMES: ReadonlySet<GroupByItem['kind']> = new Set(['time'])
const ENTITIES: ReadonlySet<GroupByItem['kind']> = new Set(['entity'])
const NO_GRAINS: GrainNames = new Set<string>()

interface DunderName {
  readonly path: readonly string[]
  readonly element: string
  readonly grain: string | undefined
}

/** `listing__ds__month` -> path listing, element ds, grain month. */
export function readDunderName(name: string, isGrain: (word: string) => boolean): DunderName {
  const words = name.split('__')
  const last = words.at(-1)!
  if (words.length > 1 && isGrain(last)) {
    return { path: words.slice(0, -2), element: words.at(-2)!, grain: last }
  }
  return { path: words.slice(0, -1), element: last, grain: undefined }
}

/** Knows the grains a name may end in. */
export interface GrainNames {
  has(word: string): boolean
}

export function isGrainName(word: string, customGrains: GrainNames): boolean {
  return isTimeGranularity(word) || customGrains.has(word)
}

/** The pattern of a plain name: `listing__country`, `metric_time__month`, `listing`. */
export function patternOfName(name: string, customGrains: GrainNames): ItemPattern {
  const lower = name.toLowerCase()
  const { path, element, grain } = readDunderName(lower, (word) => isGrainName(word, customGrains))
  return { kinds: ANY, element, path, grain, part: undefined, text: name }
}

/** The pattern of a call; a fault when its name has not the form that the object needs. */
export function patternOfCall(call: ObjectCall, customGrains: GrainNames): ItemPattern | CallFault {
  // MetricFlow reads past a standard grain in the name of a Dimension() that has no .grain(), and knows no other there.
  const ungrained = call.object === 'Dimension' && call.grain === undefined && call.part === undefined
  const named = readDunderName(call.name, (word) => isGrainName(word, ungrained ? NO_GRAINS : customGrains))
  const path = [...call.entityPath, ...named.path]
  if (call.object === 'Entity') {
    if (named.grain !== undefined) return { fault: `an entity has no grain: '${call.name}'` }
    return { kinds: ENTITIES, element: named.element, path, grain: undefined, part: undefined, text: call.text }
  }
  if (named.path.length !== 1 && named.element !== METRIC_TIME) {
    return { fault: `'${call.name}' is not of the form <entity>__<dimension>${withPath(call, named)}` }
  }
  if (named.grain !== undefined && call.grain !== undefined && named.grain !== call.grain) {
    return { fault: `'${call.name}' names the grain '${named.grain}', but '${call.grain}' is asked for` }
  }
  if (call.part !== undefined && !isDatePart(call.part)) return { fault: `'${call.part}' is not a date part` }
  const part = call.part as DatePart | undefined
  const grain = part === undefined && !ungrained ? (call.grain ?? named.grain) : undefined
  const isTime = call.object === 'TimeDimension' || grain !== undefined || part !== undefined
  return { kinds: isTime ? TIMES : DIMENSIONS, element: named.element, path, grain, part, text: call.text }
}

/** How to write a name with several entities in it. */
function withPath(call: ObjectCall, { path, element }: DunderName): string {
  const [last, ...before] = [...path].reverse()
  if (before.length === 0) return ''
  const list = [...call.entityPath, ...before.reverse()].map((entity) => `'${entity}'`).join(', ')
  return `: write ${call.object}('${last}__${element}', entity_path=[${list}])`
}

/**
 * The items a pattern stands for. A path is compared from its end; of several that fit, the shortest win, so that
 * `listing__country` is not also `user__listing__country`.
 */
export function matchItems(pattern: ItemPattern, items: readonly GroupByItem[]): GroupByItem[] {
  const size = pattern.path.length
  const fitting = items.filter((item) => {
    if (!pattern.kinds.has(item.kind) || item.element !== pattern.element) return false
    const end = size === 0 ? item.path : item.path.slice(-size)
    return end.length === size && end.every((entity, index) => entity === pattern.path[index])
  })
  const shortest = Math.min(...fitting.map((item) => item.path.length))
  return fitting.filter((item) => {
    if (item.path.length !== shortest) return false
    if (item.kind !== 'time') return pattern.grain === undefined && pattern.part === undefined
    if (item.part !== pattern.part) return false
    return pattern.grain === undefined || item.grain?.name === pattern.grain
  })
}
