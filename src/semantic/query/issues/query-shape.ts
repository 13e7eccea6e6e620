import { type Diagnostic, diagnostic } from '../../../core/diagnostic.js'

export function emptyQuery(): Diagnostic {
  return diagnostic('semantic', 'query-empty', 'The query names neither a metric nor anything to group by.')
}

export function negativeLimit(limit: number): Diagnostic {
  return diagnostic('semantic', 'limit-invalid', `The limit ${limit} is not a whole number of at least 0.`)
}

export function minMaxNotPossible(): Diagnostic {
  return diagnostic(
    'semantic',
    'min-max-not-possible',
    'The smallest and largest value can only be asked of one item, without metrics, order or limit.',
  )
}

export function groupByRequired(): Diagnostic {
  return diagnostic('semantic', 'group-by-required', 'A query with metrics is always grouped.', {
    hint: 'leave out apply_group_by, or the metrics',
  })
}
