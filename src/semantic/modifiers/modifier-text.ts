import { fail } from '../../core/diagnostic.js'
import type { MetricModifier } from '../query/metric-query.js'

const EXAMPLES = '"previous month", "change 1 year", "percent change", "trailing 7 days", "share of total"'

/** Reads a modifier in words: `previous 3 months`, `percent change 1 year`, `trailing 7 days`, `share of total`. */
export function readModifierText(text: string): MetricModifier {
  const words = text
    .trim()
    .toLowerCase()
    .replaceAll(/[_\s]+/g, ' ')
  const share = /^share(?: of total)?(?: within (.+))?$/.exec(words)
  if (share !== null) {
    const within = share[1]?.split(',').map((name) => name.trim().replaceAll(' ', '_'))
    return within === undefined ? { kind: 'share-of-total' } : { kind: 'share-of-total', within }
  }
  const named = /^(previous|change|percent change|trailing)(?: (.+))?$/.exec(words)
  if (named === null) unknownModifier(text)
  const period = readPeriod(named[2], text)
  switch (named[1]) {
    case 'previous':
      return { kind: 'previous-period', ...period }
    case 'change':
      return { kind: 'change', ...period }
    case 'percent change':
      return { kind: 'change', percent: true, ...period }
    default:
      if (period.count === undefined) unknownModifier(text)
      return { kind: 'trailing', ...period, count: period.count }
  }
}

/** `3 months`, `month`, `period`, or nothing. */
function readPeriod(words: string | undefined, text: string): { count?: number; grain?: string } {
  if (words === undefined || words === 'period') return {}
  const match = /^(?:(\d+) )?([a-z]+?)s?$/.exec(words)
  if (match === null) unknownModifier(text)
  const grain = match[2] === 'period' ? {} : { grain: match[2]! }
  return match[1] === undefined ? grain : { count: Number(match[1]), ...grain }
}

function unknownModifier(text: string): never {
  fail('semantic', 'modifier-unknown', `'${text.trim()}' is not a way to see a metric.`, { hint: `try ${EXAMPLES}` })
}
