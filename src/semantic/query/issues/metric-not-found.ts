import { type Diagnostic, diagnostic } from '../../../core/diagnostic.js'
import { nearest } from '../suggestions.js'

/** A queried metric that the project does not define. */
export function metricNotFound(name: string, known: readonly string[]): Diagnostic {
  return diagnostic('semantic', 'metric-not-found', `There is no metric '${name}'.`, { hint: nearest(name, known) })
}
