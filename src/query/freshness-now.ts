import type { FreshnessFailure, FreshnessOutput } from '../artifacts/index.js'
import type { GraphNode } from '../manifest/index.js'
import type { ProofNode } from './types.js'

interface Threshold {
  readonly count?: number | null
  readonly period?: string | null
}

const SECONDS: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 }

/**
 * How fresh a source is by its own rules at this moment: what was fresh when it was looked at may be too old by now.
 * Null when it has no rules; `unknown` when nobody has looked.
 */
export function freshnessNow(
  node: GraphNode,
  seen: FreshnessOutput | FreshnessFailure | undefined,
  now: Date,
): ProofNode['freshness'] {
  const rules = ('freshness' in node ? node.freshness : null) as {
    readonly warn_after?: Threshold | null
    readonly error_after?: Threshold | null
  } | null
  const [warn, error] = [secondsOf(rules?.warn_after), secondsOf(rules?.error_after)]
  if (warn === null && error === null) return null
  if (seen === undefined) return 'unknown'
  if (seen.max_loaded_at === undefined) return 'error'
  const age = (now.getTime() - Date.parse(seen.max_loaded_at)) / 1000
  if (Number.isNaN(age)) return 'unknown'
  if (error !== null && age > error) return 'error'
  return warn !== null && age > warn ? 'warn' : 'pass'
}

function secondsOf(threshold: Threshold | null | undefined): number | null {
  const { count, period } = threshold ?? {}
  if (typeof count !== 'number' || typeof period !== 'string') return null
  return count * (SECONDS[period] ?? Number.NaN)
}
