import type { AskedQuery, Vocabulary } from './differential-queries.js'
import type { Random } from './differential-random.js'

const GRAINS = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']

/** The same question with names as calls, in capitals, under aliases; with orders, limits and time ranges that ask for care. */
export function inOtherForms(query: AskedQuery, words: Vocabulary, random: Random): AskedQuery {
  const changed: Record<string, unknown> = { ...query }
  const names = query.group_by as readonly string[] | undefined
  const metrics = namesOf(query)
  if (names !== undefined && random.chance(0.3)) changed.group_by = names.map((name) => form(name, words, random))
  else if (names !== undefined && random.chance(0.2)) {
    changed.group_by = undefined
    changed.group_by_objects = names.map((name, index) => ({
      ...objectOf(name, words),
      ...(random.chance(0.6) ? { alias: random.chance(0.1) ? 'same' : `g${index}` } : {}),
    }))
  }
  const outputs = [...(names ?? []), ...metrics]
  if (outputs.length > 0 && random.chance(0.4)) {
    const picked = random.some(outputs, random.between(1, outputs.length))
    changed.order_by = picked.map((name) => orderForm(name, metrics, words, random))
    if (random.chance(0.1)) changed.order_by = [...(changed.order_by as string[]), 'booking__is_instant']
  }
  if (random.chance(0.25)) changed.limit = random.pick([1, 3, 10, 100, -1])
  if (random.chance(0.2)) changed.time_constraint = timeRange(words, random)
  if (random.chance(0.04)) changed.min_max_only = true
  if (random.chance(0.04)) changed.apply_group_by = false
  if (random.chance(0.03)) changed.metrics = [...metrics, ...metrics.slice(0, 1)]
  if (random.chance(0.03)) changed.metrics = metrics.map((name) => name.toUpperCase())
  for (const [key, value] of Object.entries(changed)) if (value === undefined) delete changed[key]
  return changed
}

function namesOf(query: AskedQuery): string[] {
  return [
    ...((query.metrics as string[] | undefined) ?? []),
    ...((query.metric_objects as { name: string }[] | undefined) ?? []).map((metric) => metric.name),
  ]
}

function grainOf(name: string, words: Vocabulary): readonly [string, string | undefined] {
  const parts = name.split('__')
  const last = parts.at(-1)!
  const isGrain = parts.length > 1 && (GRAINS.includes(last) || words.customGrains.includes(last))
  return isGrain ? [parts.slice(0, -1).join('__'), last] : [name, undefined]
}

function objectOf(name: string, words: Vocabulary): Record<string, string> {
  const [base, grain] = grainOf(name, words)
  return grain === undefined ? { name } : { name: base, grain }
}

function form(name: string, words: Vocabulary, random: Random): string {
  const [base, grain] = grainOf(name, words)
  const path = base.split('__')
  const element = path.slice(-2).join('__')
  const rest = path.slice(0, -2).map((step) => `'${step}'`)
  const more = rest.length === 0 ? '' : `, entity_path=[${rest.join(', ')}]`
  if (grain !== undefined) {
    return random.pick([
      name.toUpperCase(),
      `TimeDimension('${element}', '${grain}'${more})`,
      `TimeDimension('${element}__${grain}'${more})`,
      `Dimension('${element}'${more}).grain('${grain}')`,
      `Dimension('${element}__${grain}'${more})`,
      `Dimension('${element}__${grain}'${more}).grain('${grain}')`,
      `TimeDimension('${element}', time_granularity_name='${grain}'${more})`,
    ])
  }
  return random.pick([
    name.toUpperCase(),
    `Dimension('${element}'${more})`,
    `Entity('${name}')`,
    `TimeDimension('${element}'${more})`,
  ])
}

function orderForm(name: string, metrics: readonly string[], words: Vocabulary, random: Random): string {
  if (metrics.includes(name)) {
    return random.pick([
      name,
      `-${name}`,
      `Metric('${name}')`,
      `Metric('${name}').descending(True)`,
      `Metric('${name}').descending(False)`,
      `-Metric('${name}')`,
    ])
  }
  const [base] = grainOf(name, words)
  const call = form(name, words, random)
  return random.pick([name, `-${name}`, base, call, `-${call}`, call.includes('(') ? `${call}.descending(True)` : call])
}

function timeRange(words: Vocabulary, random: Random): (string | null)[] {
  const [start, end] = random.some(words.days, 2).sort()
  const clock = random.pick(['', '', ' 00:00:00', ' 13:45:10', 'T23:59:59'])
  return random.pick([
    [`${start}${clock}`, `${end}${clock}`],
    [`${start}${clock}`, `${end}${clock}`],
    [start!, null],
    [null, end!],
    [end!, start!],
  ])
}
