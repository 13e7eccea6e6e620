import { diagnostic, PlumbError } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import { toStr, type Value } from '../../jinja/index.js'
import type { Json, JsonObject } from '../../manifest/index.js'
import type { Entry } from '../properties/entries.js'

type Data = { readonly [key: string]: unknown }

const GRAINS = [
  'nanosecond',
  'microsecond',
  'millisecond',
  'second',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
]

/** A filter as the manifest has it: every text a template of its own. */
export function whereFilter(given: unknown): Json {
  if (given === null || given === undefined) return null
  const texts = Array.isArray(given) ? given : [given]
  return { where_filters: texts.map((template) => ({ where_sql_template: String(template) })) }
}

/** A measure a metric takes: its name, or a mapping. */
export function inputMeasure(given: unknown): JsonObject {
  const data: Data = typeof given === 'string' ? { name: given } : (given as Data)
  return {
    name: data['name'] as string,
    filter: whereFilter(data['filter']),
    alias: (data['alias'] ?? null) as Json,
    join_to_timespine: (data['join_to_timespine'] ?? false) as Json,
    fill_nulls_with: (data['fill_nulls_with'] ?? null) as Json,
  }
}

/** A metric another one is made from: its name, or a mapping. */
export function inputMetric(given: unknown, entry: Entry): JsonObject {
  const data: Data = typeof given === 'string' ? { name: given } : (given as Data)
  return {
    name: data['name'] as string,
    filter: whereFilter(data['filter']),
    alias: (data['alias'] ?? null) as Json,
    offset_window: timeWindow(data['offset_window'], entry),
    offset_to_grain: (data['offset_to_grain'] ?? null) as Json,
  }
}

/** `28 days` as a count and a grain; custom grains keep their name. */
export function timeWindow(given: unknown, { properties, base }: Entry): Json {
  if (given === null || given === undefined) return null
  const text = String(given)
  const parts = text.toLowerCase().split(' ')
  const fail = (reason: string): never => {
    const message = `Invalid window config given in ${properties.path} @ window: {'window': '${text}'} - ${reason}`
    throw properties.error('metric-window', message, base, 'write it as `7 days`')
  }
  const [count, grain] = parts
  if (parts.length !== 2) {
    fail(
      `Invalid window (${text}) in cumulative/conversion metric. Should be of the form \`<count> <granularity>\`, ` +
        'e.g., `28 days`',
    )
  }
  if (!/^\d+$/.test(count!)) {
    fail(`Invalid count (${count}) in cumulative/conversion metric window string: (${text})`)
  }
  const singular = grain!.replace(/s$/, '')
  return { count: Number(count), granularity: GRAINS.includes(singular) ? singular : grain! }
}

/**
 * One of a fixed set of words, in any case.
 * @throws PlumbError naming the set.
 */
export function word(value: unknown, name: string, words: readonly string[], entry: Entry): string {
  const text = toStr(value as Value)
  const lower = text.toLowerCase()
  if (words.includes(lower)) return lower
  throw new PlumbError(
    diagnostic('parsing', 'semantic-word', `'${text}' is not a valid ${name}`, {
      at: entry.properties.at(entry.base),
      hint: didYouMean(lower, words) ?? `one of ${words.join(', ')}`,
    }),
  )
}

export function grain(value: unknown, entry: Entry): string {
  return word(value, 'TimeGranularity', GRAINS, entry)
}
