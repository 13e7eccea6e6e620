import type { SemanticManifest } from '../../../src/manifest/semantic-manifest.js'
import type { DimensionSummary, SemanticEngine } from '../../../src/semantic/index.js'
import { inOtherForms } from './differential-forms.js'
import type { Random } from './differential-random.js'

/** A query in the suite's form. */
export type AskedQuery = Readonly<Record<string, unknown>>

/** What queries on one manifest can be made of. */
export interface Vocabulary {
  readonly engine: SemanticEngine
  readonly manifest: SemanticManifest
  readonly metrics: readonly string[]
  readonly customGrains: readonly string[]
  /** By the name of a dimension: some of its values, as SQL literals. */
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly days: readonly string[]
}

const COARSE = ['day', 'week', 'month', 'quarter', 'year']
const FINE = ['second', 'minute', 'hour']
const PARTS = ['year', 'quarter', 'month', 'day', 'dow', 'doy']

/** Parts of dates can be asked for in objects only. */
function setGroupBy(query: Record<string, unknown>, names: readonly string[]): void {
  if (!names.some((name) => name.includes('__extract_'))) {
    query.group_by = names
    return
  }
  query.group_by_objects = names.map((name) => {
    const [, base, part] = /^(.*)__extract_(\w+)$/.exec(name) ?? []
    if (part !== undefined) return { name: base, date_part: part }
    const [, time, grain] = /^(.*)__([a-z_]+)$/.exec(name) ?? []
    return [...COARSE, ...FINE, 'alien_day'].includes(grain ?? '') ? { name: time, grain } : { name }
  })
}

/** One random question; nearly all can be answered, some must be refused. `forms`: names are written in many ways. */
export function randomQuery(words: Vocabulary, random: Random, forms = false): AskedQuery {
  const query = plainQuery(words, random)
  return forms ? inOtherForms(query, words, random) : query
}

function plainQuery(words: Vocabulary, random: Random): AskedQuery {
  if (words.manifest.saved_queries.length > 0 && random.chance(0.04)) return savedQuery(words, random)
  if (random.chance(0.1)) return valuesQuery(words, random)
  const metrics = random.some(words.metrics, random.pick([1, 1, 1, 1, 2, 2, 3]))
  const groupBy = randomGroupBy(words, metrics, random)
  const query: Record<string, unknown> = {}
  if (random.chance(0.1)) {
    query.metric_objects = metrics.map((name, index) => (random.chance(0.6) ? { name, alias: `m${index}` } : { name }))
  } else query.metrics = metrics
  if (groupBy.length > 0) setGroupBy(query, groupBy)
  if (random.chance(0.45)) query.where = randomWhere(words, metrics, groupBy, random)
  if (random.chance(0.2)) query.time_constraint = randomRange(words, random)
  if (random.chance(0.15)) addOrder(query, random)
  return query
}

function savedQuery(words: Vocabulary, random: Random): AskedQuery {
  const saved = random.pick(words.manifest.saved_queries)
  const query: Record<string, unknown> = { saved_query: saved.name }
  if (random.chance(0.5)) query.where = [randomFilter(words, saved.query_params.metrics, [], random)]
  if (random.chance(0.3)) query.limit = random.between(1, 20)
  if (random.chance(0.3)) query.order_by = random.some([...saved.query_params.metrics, 'metric_time'], 1)
  if (random.chance(0.2)) query.time_constraint = randomRange(words, random)
  return query
}

function valuesQuery(words: Vocabulary, random: Random): AskedQuery {
  const groupBy = randomGroupBy(words, [], random, random.pick([1, 1, 2]))
  const query: Record<string, unknown> = {}
  setGroupBy(query, groupBy)
  if (random.chance(0.3)) query.where = randomWhere(words, [], groupBy, random)
  if (groupBy.length === 1 && random.chance(0.3)) query.min_max_only = true
  else if (random.chance(0.1)) query.apply_group_by = false
  if (random.chance(0.2) && groupBy.some((name) => name.startsWith('metric_time'))) {
    query.time_constraint = randomRange(words, random)
  }
  return query
}

function randomGroupBy(words: Vocabulary, metrics: readonly string[], random: Random, least = 0): string[] {
  const wanted = Math.max(least, random.pick([0, 1, 1, 1, 2, 2, 3]))
  const items = new Set<string>()
  // Now and then from what belongs to other metrics: to be refused.
  const scope = random.chance(0.03) ? [] : metrics
  const dimensions = dimensionsOf(words, scope)
  const entities = words.engine.listEntities({ metrics: scope }).map((entity) => entity.name)
  for (let tries = 0; items.size < wanted && tries < 10; tries++) {
    const kind = random.next()
    if ((items.size === 0 || kind < 0.3) && random.chance(metrics.length > 0 ? 0.75 : 0.3))
      items.add(atSomeGrain('metric_time', words, random))
    else if (kind < 0.92 && dimensions.length > 0) {
      const dimension = random.pick(dimensions)
      items.add(
        dimension.type === 'time' ? atSomeGrain(dimension.name, words, random, dimension.grains) : dimension.name,
      )
    } else if (entities.length > 0) items.add(random.pick(entities))
  }
  return [...items]
}

const listed = new WeakMap<Vocabulary, Map<string, readonly DimensionSummary[]>>()

function dimensionsOf(words: Vocabulary, metrics: readonly string[]): readonly DimensionSummary[] {
  const known = listed.get(words) ?? new Map<string, readonly DimensionSummary[]>()
  listed.set(words, known)
  const key = [...metrics].sort().join()
  const found = known.get(key) ?? words.engine.listDimensions({ metrics })
  known.set(key, found)
  return found.filter((dimension) => dimension.name !== 'metric_time')
}

function atSomeGrain(name: string, words: Vocabulary, random: Random, grains: readonly string[] = []): string {
  const kind = random.next()
  if (kind < 0.1) return name
  if (kind < 0.2 && words.customGrains.length > 0) return `${name}__${random.pick(words.customGrains)}`
  if (kind < 0.27) return `${name}__extract_${random.pick(PARTS)}`
  if (kind < 0.3) return `${name}__${random.pick(FINE)}`
  if (kind < 0.6 && grains.length > 0) return `${name}__${random.pick(grains)}`
  return `${name}__${random.pick(COARSE)}`
}

function randomWhere(
  words: Vocabulary,
  metrics: readonly string[],
  groupBy: readonly string[],
  random: Random,
): string[] {
  const filters = [randomFilter(words, metrics, groupBy, random)]
  if (random.chance(0.25)) filters.push(randomFilter(words, metrics, groupBy, random))
  return filters
}

/** A filter on what the metrics can be grouped by; sometimes two conditions in one. */
export function randomFilter(
  words: Vocabulary,
  metrics: readonly string[],
  groupBy: readonly string[],
  random: Random,
): string {
  const one = condition(words, metrics, groupBy, random)
  if (!random.chance(0.2)) return one
  const other = condition(words, metrics, groupBy, random)
  return random.pick([`${one} OR ${other}`, `${one} AND ${other}`, `NOT (${one})`])
}

function condition(words: Vocabulary, metrics: readonly string[], groupBy: readonly string[], random: Random): string {
  const kind = random.next()
  if (kind < 0.25) return timeCondition('metric_time', words, random)
  if (kind < 0.45) return metricCondition(words, metrics, random)
  if (kind < 0.53) {
    const entities = words.engine.listEntities({ metrics }).map((entity) => entity.name)
    if (entities.length > 0) return entityCondition(random.pick(entities), random)
  }
  const bare = groupBy.find((name) => words.values.has(name))
  if (kind < 0.58 && bare !== undefined) return `${bare} = ${random.pick(words.values.get(bare)!)}`
  const dimensions = dimensionsOf(words, metrics)
  if (dimensions.length === 0) return timeCondition('metric_time', words, random)
  const dimension = random.pick(dimensions)
  if (dimension.type === 'time') return timeCondition(dimension.name, words, random)
  const values = words.values.get(dimension.name) ?? ["'none'"]
  const object = `{{ Dimension(${argumentsOf(dimension.name)}) }}`
  return random.pick([
    `${object} = ${random.pick(values)}`,
    `${object} = ${random.pick(values)}`,
    `${object} IS NOT NULL`,
    `${object} IS NULL`,
    `${object} IN (${random.some(values, 2).join(', ')})`,
    `${object} <> ${random.pick(values)}`,
    `COALESCE(CAST(${object} AS VARCHAR), 'x') <> 'x'`,
  ])
}

function entityCondition(name: string, random: Random): string {
  const [element, ...path] = name.split('__').reverse()
  const object =
    path.length > 0 && random.chance(0.5)
      ? `{{ Entity('${element}', entity_path=[${path
          .reverse()
          .map((step) => `'${step}'`)
          .join(', ')}]) }}`
      : `{{ Entity('${name}') }}`
  return random.pick([`${object} IS NOT NULL`, `${object} IS NULL`, `${object} > 'l'`, `${object} <> 'u1003141'`])
}

/** `listing__user__ds` as objects take it: `'user__ds', 'day', entity_path=['listing']`. */
function argumentsOf(name: string, grain?: string): string {
  const words = name.split('__')
  const path = words.slice(0, -2)
  const list = path.map((step) => `'${step}'`).join(', ')
  return [
    `'${words.slice(-2).join('__')}'`,
    ...(grain === undefined ? [] : [`'${grain}'`]),
    ...(path.length === 0 ? [] : [`entity_path=[${list}]`]),
  ].join(', ')
}

function timeCondition(name: string, words: Vocabulary, random: Random): string {
  const grain =
    random.chance(0.12) && words.customGrains.length > 0 ? random.pick(words.customGrains) : random.pick(COARSE)
  const object = random.pick([
    `{{ TimeDimension(${argumentsOf(name, grain)}) }}`,
    `{{ TimeDimension(${argumentsOf(name, grain)}) }}`,
    `{{ Dimension(${argumentsOf(name)}).grain('${grain}') }}`,
    `{{ TimeDimension(${argumentsOf(name)}) }}`,
  ])
  const [first, second] = random.some(words.days, 2).sort()
  if (random.chance(0.1))
    return `{{ Dimension(${argumentsOf(name)}).date_part('${random.pick(PARTS)}') }} > ${random.between(1, 6)}`
  return random.pick([
    `${object} >= '${first}'`,
    `${object} < '${second}'`,
    `${object} BETWEEN '${first}' AND '${second}'`,
    `${object} = '${first}'`,
    `${object} IS NOT NULL`,
    `${object} <> '${first}'`,
  ])
}

function metricCondition(words: Vocabulary, metrics: readonly string[], random: Random): string {
  if (words.metrics.some((name) => name.startsWith('homonymous'))) return timeCondition('metric_time', words, random)
  const types = new Map(words.manifest.metrics.map((metric) => [metric.name, metric.type]))
  // Others than these need a time, which a filter cannot give.
  const timeless = words.metrics.filter((name) => ['simple', 'ratio', 'conversion'].includes(types.get(name) ?? ''))
  const metric = random.pick(timeless.length > 0 && random.chance(0.9) ? timeless : words.metrics)
  const entities = words.engine.listEntities({ metrics: [metric] }).map((entity) => entity.name)
  const own = words.engine.listEntities({ metrics }).map((entity) => entity.name)
  const last = (name: string): string => name.split('__').at(-1)!
  const common = entities.filter((name) => own.some((other) => last(other) === last(name)))
  const entity = random.pick(common.length > 0 ? common : entities.length > 0 ? entities : ['user'])
  const object = `{{ Metric('${metric}', group_by=['${entity}']) }}`
  return random.pick([
    `${object} > ${random.between(0, 5)}`,
    `${object} > ${random.between(0, 5)}`,
    `${object} IS NULL`,
    `${object} IS NOT NULL`,
    `COALESCE(${object}, 0) < ${random.between(1, 300)}`,
  ])
}

function randomRange(words: Vocabulary, random: Random): readonly string[] {
  return random.some(words.days, 2).sort()
}

/** By all columns, so that a limit leaves no choice; or by some, for the order alone. */
function addOrder(query: Record<string, unknown>, random: Random): void {
  if (query.group_by_objects !== undefined) return
  const objects = (query.metric_objects ?? []) as { name: string }[]
  const names = [...((query.metrics as string[] | undefined) ?? []), ...objects.map((metric) => metric.name)]
  const all = random.some([...((query.group_by as string[] | undefined) ?? []), ...names], 9)
  const ordered = all.map((name) => (random.chance(0.4) ? `-${name}` : name))
  if (random.chance(0.5)) query.order_by = ordered.slice(0, random.between(1, ordered.length))
  else Object.assign(query, { order_by: ordered, limit: random.between(1, 15) })
}
