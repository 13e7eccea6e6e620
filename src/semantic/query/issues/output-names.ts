import { type Diagnostic, diagnostic } from '../../../core/diagnostic.js'

/** The same metric asked for twice. */
export function duplicateMetrics(names: readonly string[]): Diagnostic {
  return diagnostic('semantic', 'metric-duplicate', `The query asks twice for: ${names.join(', ')}.`)
}

/** Two columns of the result would have the same name. */
export function duplicateColumns(names: readonly string[]): Diagnostic {
  return diagnostic(
    'semantic',
    'column-duplicate',
    `Several columns of the result would be called: ${names.join(', ')}.`,
    {
      hint: 'give them aliases',
    },
  )
}
