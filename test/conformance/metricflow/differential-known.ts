import type { AskedQuery, Vocabulary } from './differential-queries.js'

/** A difference that is meant: MetricFlow's answer depends on chance, or on what else is asked. */
interface KnownDifference {
  readonly reason: string
  applies(query: AskedQuery, words: Vocabulary): boolean
}

const KNOWN: readonly KnownDifference[] = [
  {
    reason: 'MetricFlow takes any one of several opportunities at the same moment for a conversion',
    applies: (query, words) => {
      const params = words.manifest.metrics.filter((metric) => allMetrics(query, words).includes(metric.name))
      const grouped = JSON.stringify([query.group_by, query.group_by_objects, query.where, query.saved_query])
      return (
        params.some((metric) => metric.type === 'conversion') &&
        /\b(?!metric_time)[a-z]+_?[a-z]*(?:__|'|")/.test(grouped)
      )
    },
  },
  {
    reason: 'MetricFlow forgets the filter on the measure of a cumulative metric, and on a conversion measure',
    applies: (query, words) => {
      const used = new Set(allMetrics(query, words))
      return words.manifest.metrics.some((metric) => {
        const { measure, conversion_type_params: conversion } = metric.type_params
        const filter = metric.type === 'cumulative' ? measure?.filter : conversion?.conversion_measure?.filter
        return used.has(metric.name) && filter != null
      })
    },
  },
  {
    reason: 'MetricFlow divides a metric by itself where numerator and denominator are one metric, filtered or not',
    applies: (query, words) => {
      const used = new Set(allMetrics(query, words))
      return words.manifest.metrics.some(({ name, type_params: { numerator, denominator } }) => {
        return used.has(name) && numerator != null && numerator.name === denominator?.name
      })
    },
  },
  {
    reason: 'MetricFlow does not move a computed metric that is offset by a custom grain',
    applies: (query, words) => {
      const byName = new Map(words.manifest.metrics.map((metric) => [metric.name, metric]))
      return allMetrics(query, words).some((name) =>
        (byName.get(name)?.type_params.metrics ?? []).some((input) => {
          const custom = words.customGrains.includes(input.offset_window?.granularity ?? '')
          return custom && byName.get(input.name)?.type !== 'simple'
        }),
      )
    },
  },
  {
    reason: 'MetricFlow gives conversions that are joined to the time spine for all time, also where a range is asked',
    applies: (query, words) =>
      query.time_constraint !== undefined && allMetrics(query, words).some((name) => isSpineConversion(name, words)),
  },
]

/** Why the answers to a query may differ; undefined if they may not. */
export function knownDifference(query: AskedQuery, words: Vocabulary): string | undefined {
  return KNOWN.find((known) => known.applies(query, words))?.reason
}

/** The metrics of a query, with those they are computed from. */
function allMetrics(query: AskedQuery, words: Vocabulary): string[] {
  const names = [
    ...((query.metrics as string[] | undefined) ?? []),
    ...((query.metric_objects as { name: string }[] | undefined) ?? []).map((metric) => metric.name),
  ]
  const saved = words.manifest.saved_queries.find((candidate) => candidate.name === query.saved_query)
  const found = new Set<string>()
  const visit = (name: string): void => {
    if (found.has(name)) return
    found.add(name)
    const params = words.manifest.metrics.find((metric) => metric.name === name)?.type_params
    for (const input of params?.metrics ?? []) visit(input.name)
    if (params?.numerator) visit(params.numerator.name)
    if (params?.denominator) visit(params.denominator.name)
  }
  const filtered = [...JSON.stringify(query).matchAll(/Metric\('(\w+)'/g)].map((match) => match[1]!)
  for (const name of [...names, ...filtered, ...(saved?.query_params.metrics ?? [])]) visit(name)
  return [...found]
}

function isSpineConversion(name: string, words: Vocabulary): boolean {
  const params = words.manifest.metrics.find((metric) => metric.name === name)?.type_params.conversion_type_params
  return params?.conversion_measure?.join_to_timespine === true
}
