import { type Diagnostic, diagnostic } from '../../../core/diagnostic.js'

/** An order-by item that is not, or not clearly, one of the columns of the query. */
export function orderByNotInQuery(text: string, matches: readonly string[], columns: readonly string[]): Diagnostic {
  const message =
    matches.length === 0
      ? `The query cannot be ordered by '${text}': it is not one of its columns.`
      : `The query cannot be ordered by '${text}': it could mean ${matches.join(' or ')}.`
  return diagnostic('semantic', 'order-by-not-in-query', message, { hint: `columns: ${columns.join(', ')}` })
}
