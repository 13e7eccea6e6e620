import type { Cell, Connection } from './adapters/adapter.js'
import { PlumbError } from './core/diagnostic.js'
import {
  addsUp,
  hasMoved,
  type Moved,
  type Movement,
  periodsThatMoved,
  type ValuesThatMoved,
  valuesThatMoved,
} from './lineage/index.js'
import type { SemanticEngine } from './semantic/index.js'

/** A metric in both states, where both can be asked. */
export interface MetricInStates {
  readonly name: string
  readonly connection: Connection
  readonly before: SemanticEngine
  readonly after: SemanticEngine
  /** Its value over everything. */
  readonly whole: Omit<Moved, 'key'>
}

/** Dimensions that are tried, those nearest to the metric first. */
const DIMENSIONS = 16
/** A dimension of more values than this tells no place. */
const VALUES = 200
const GRAINS = ['month', 'day', 'quarter', 'year', 'week']
/** Fewer periods than this are looked at more closely. */
const PERIODS = 3

/**
 * Where a metric's movement lies: the few values of a dimension (and of a second one within them) that account for
 * nearly all of it, and the time in which they moved. Undefined when it lies everywhere.
 */
export async function findMovement(metric: MetricInStates): Promise<Movement | undefined> {
  const dimensions = commonDimensions(metric)
  const within: { dimension: string; values: readonly (string | null)[] }[] = []
  let whole = metric.whole
  for (let depth = 0; depth < 2; depth++) {
    const filters = within.map(({ dimension, values }) => filterOf(dimension, values))
    const left = dimensions.filter((name) => !within.some(({ dimension }) => dimension === name))
    const best = await bestDimension(metric, left, filters, whole)
    if (best === undefined) break
    // What is true of all that moved anyway says nothing more.
    if (depth > 0 && best.found.surprise < 0.15) break
    within.push({ dimension: best.dimension, values: best.found.values })
    const chosen = best.groups.filter(({ key }) => best.found.values.includes(key))
    if (!addsUp(best.groups, whole)) {
      // The only value has the metric's own number; several would have to be weighed.
      if (chosen.length === 1) whole = { before: chosen[0]!.before, after: chosen[0]!.after }
      break
    }
    whole = { before: total(chosen, 'before'), after: total(chosen, 'after') }
  }
  const filters = within.map(({ dimension, values }) => filterOf(dimension, values))
  const time = await timeOf(metric, filters, whole)
  if (within.length === 0 && time === undefined) return undefined
  const there = time === undefined ? whole : time.whole
  return { within, ...(time && { period: time.period }), ...(there && hasMoved(there) && there) }
}

async function bestDimension(
  metric: MetricInStates,
  dimensions: readonly string[],
  filters: readonly string[],
  whole: Omit<Moved, 'key'>,
): Promise<{ dimension: string; groups: readonly Moved[]; found: ValuesThatMoved } | undefined> {
  const candidates: { dimension: string; groups: readonly Moved[]; found: ValuesThatMoved }[] = []
  for (const dimension of dimensions) {
    const groups = await byItem(metric, dimension, filters)
    const found = groups && valuesThatMoved(groups, whole)
    if (groups !== undefined && found !== undefined) candidates.push({ dimension, groups, found })
  }
  const rank = ({ dimension, found }: (typeof candidates)[number]): readonly number[] => [
    -Math.round(found.share * 20),
    found.values.length,
    -Math.round(found.surprise * 20),
    dimension.split('__').length,
  ]
  return candidates.sort((a, b) => {
    const [x, y] = [rank(a), rank(b)]
    const at = x.findIndex((value, i) => value !== y[i])
    return at === -1 ? a.dimension.localeCompare(b.dimension) : x[at]! - y[at]!
  })[0]
}

/** Categorical dimensions of the metric in both states. */
function commonDimensions({ before, after, name }: MetricInStates): string[] {
  const old = new Set(dimensionsOf(before, name).map((each) => each.name))
  return dimensionsOf(after, name)
    .filter((each) => each.type === 'categorical' && old.has(each.name))
    .map((each) => each.name)
    .sort((a, b) => a.split('__').length - b.split('__').length || a.localeCompare(b))
    .slice(0, DIMENSIONS)
}

function dimensionsOf(engine: SemanticEngine, metric: string) {
  try {
    return engine.listDimensions({ metrics: [metric] })
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    return []
  }
}

interface TimeFound {
  readonly period: NonNullable<Movement['period']>
  /** The metric in that time; undefined where periods do not add up. */
  readonly whole: Omit<Moved, 'key'> | undefined
}

async function timeOf(
  metric: MetricInStates,
  filters: readonly string[],
  whole: Omit<Moved, 'key'>,
): Promise<TimeFound | undefined> {
  const grains = dimensionsOf(metric.after, metric.name).find(({ name }) => name === 'metric_time')?.grains ?? []
  let found: TimeFound | undefined
  for (const grain of GRAINS.filter((each) => grains.includes(each))) {
    const all = await byItem(metric, `metric_time__${grain}`, filters)
    const periods = (all ?? [])
      .flatMap((each) => (each.key === null ? [] : [{ ...each, key: each.key.slice(0, 10) }]))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
    const span = periodsThatMoved(periods)
    if (span !== undefined) {
      const { from, to, inside } = span
      const adds = addsUp(all ?? [], whole)
      const sums = { before: total(inside, 'before'), after: total(inside, 'after') }
      found ??= { period: { grain, from, to }, whole: adds ? sums : undefined }
    }
    // A few months are better told by days; else the coarser grain reads better.
    if (periods.length >= PERIODS || found !== undefined) break
  }
  return found
}

/** The metric by one item in both states; undefined when either cannot say, or there are too many values. */
async function byItem(
  { name, connection, before, after }: MetricInStates,
  item: string,
  filters: readonly string[],
): Promise<Moved[] | undefined> {
  const old = await valuesOf(connection, before, name, item, filters)
  const now = await valuesOf(connection, after, name, item, filters)
  if (old === undefined || now === undefined) return undefined
  const keys = new Set([...old.keys(), ...now.keys()])
  const limit = item.startsWith('metric_time__') ? Number.POSITIVE_INFINITY : VALUES
  if (keys.size > limit) return undefined
  return [...keys].map((key) => ({ key, before: old.get(key) ?? 0, after: now.get(key) ?? 0 }))
}

async function valuesOf(
  connection: Connection,
  engine: SemanticEngine,
  metric: string,
  item: string,
  where: readonly string[],
): Promise<Map<string | null, number> | undefined> {
  try {
    const { sql, columns } = engine.compile({ metrics: [metric], groupBy: [item], where })
    const { data, rowCount } = await connection.execute(sql, { fetch: true })
    const at = columns.findIndex((column) => column.name === metric)
    const found = new Map<string | null, number>()
    for (let row = 0; row < rowCount; row++) {
      const key = keyOf(data[at === 0 ? 1 : 0]?.[row])
      found.set(key, (found.get(key) ?? 0) + (numberOf(data[at]?.[row]) ?? 0))
    }
    return found
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    return undefined
  }
}

export function keyOf(cell: Cell | undefined): string | null {
  if (cell === null || cell === undefined) return null
  return typeof cell === 'object' && 'kind' in cell && cell.kind === 'decimal' ? cell.text : String(cell)
}

/** A cell as a number, nothing being 0; undefined for what is none. */
export function numberOf(cell: Cell | undefined): number | undefined {
  if (cell === null || cell === undefined) return 0
  const value = Number(typeof cell === 'object' && 'kind' in cell && cell.kind === 'decimal' ? cell.text : cell)
  return Number.isNaN(value) ? undefined : value
}

function filterOf(dimension: string, values: readonly (string | null)[]): string {
  const call = `{{ Dimension('${dimension}') }}`
  const texts = values.flatMap((value) => (value === null ? [] : [`'${value.replaceAll("'", "''")}'`]))
  const parts = [
    ...(texts.length > 0 ? [`cast(${call} as varchar) in (${texts.join(', ')})`] : []),
    ...(texts.length < values.length ? [`${call} is null`] : []),
  ]
  return parts.length === 1 ? parts[0]! : `(${parts.join(' or ')})`
}

function total(groups: readonly Moved[], side: 'before' | 'after'): number {
  return groups.reduce((sum, each) => sum + each[side], 0)
}
