import type { MetricQuery } from '../../semantic/index.js'
import type { Ready } from '../ready.js'
import type { Metrics } from './open-metrics.js'

/** What a question does, in words, and its SQL; with `--quiet` the SQL alone. */
export function explainText({ engine }: Metrics, question: MetricQuery, ready: Ready): string {
  const { sql, text } = engine.explain(question)
  return ready.flags.quiet ? sql : `${text}\n\nSQL:\n${sql}`
}
