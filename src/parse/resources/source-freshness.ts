import { fail } from '../../core/diagnostic.js'
import type { FreshnessThreshold, FreshnessTime } from '../../manifest/index.js'
import { readFreshness } from '../config/kinds.js'
import { isDict } from '../shape/shape.js'

type Data = { readonly [key: string]: unknown }

/** Does a time say anything: both a count and a period? */
function isSet(time: FreshnessTime | null): time is FreshnessTime {
  return time !== null && time.count !== null && time.period !== null
}

/** Is there anything to check against? */
export function hasThreshold(freshness: FreshnessThreshold | null): boolean {
  return freshness !== null && (isSet(freshness.warn_after) || isSet(freshness.error_after))
}

/**
 * Freshness of a table: the source's, its config's, the table's and its config's, each laid over the one before.
 * Null anywhere switches it off until something is set again. Undefined when nothing is set at all.
 */
export function mergedFreshness(source: Data, table: Data): FreshnessThreshold | null | undefined {
  const layers = [source, configOf(source), table, configOf(table)].map((holder) => thresholdOf(holder['freshness']))
  let merged = layers[0] ?? null
  for (const update of layers.slice(1)) {
    if (merged !== null && update != null) {
      merged = {
        warn_after: mergeTimes(merged.warn_after, update.warn_after),
        error_after: mergeTimes(merged.error_after, update.error_after),
        filter: update.filter ?? merged.filter,
      }
    } else merged = merged === null && hasThreshold(update ?? null) ? (update ?? null) : null
  }
  if (merged === null) return null
  return hasThreshold(merged) ? merged : undefined
}

function thresholdOf(given: unknown): FreshnessThreshold | null {
  return given === null ? null : (readFreshness(given ?? {}) as FreshnessThreshold)
}

function mergeTimes(base: FreshnessTime | null, update: FreshnessTime | null): FreshnessTime | null {
  if (isSet(base) && isSet(update)) return { count: update.count, period: update.period }
  if (update === null) return null
  return isSet(update) ? update : base
}

function configOf(holder: Data): Data {
  return isDict(holder['config']) ? holder['config'] : {}
}

/**
 * Which column or query says when a table was loaded: the table's, else the source's.
 * @throws PlumbError when both are given at one level.
 */
export function loadedAt(source: Data, table: Data): { field: string | null; query: string | null } {
  const ofTable = configOf(table)
  const ofSource = configOf(source)
  const present = table['loaded_at_field_present'] === true
  if (present && (table['loaded_at_query'] || ofTable['loaded_at_query'])) {
    fail('parsing', 'loaded-at-twice', 'Cannot specify both loaded_at_field and loaded_at_query at table level.')
  }
  const sourceField = source['loaded_at_field'] || ofSource['loaded_at_field']
  const sourceQuery = source['loaded_at_query'] || ofSource['loaded_at_query']
  if (sourceField && sourceQuery) {
    fail('parsing', 'loaded-at-twice', 'Cannot specify both loaded_at_field and loaded_at_query at source level.')
  }
  const tableField = table['loaded_at_field'] || ofTable['loaded_at_field']
  const tableQuery = table['loaded_at_query'] || ofTable['loaded_at_query']
  const ownField = present || table['loaded_at_field'] != null || ofTable['loaded_at_field'] != null
  const ownQuery = table['loaded_at_query'] != null || ofTable['loaded_at_query'] != null
  return {
    field: asText(ownField ? tableField : sourceField),
    query: asText(ownQuery ? tableQuery : present ? null : sourceQuery),
  }
}

function asText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}
