import { type Diagnostic, diagnostic } from '../../../core/diagnostic.js'
import type { GroupByItem } from '../../group-by-item.js'

/** A name that fits several items. */
export function itemAmbiguous(text: string, candidates: readonly GroupByItem[]): Diagnostic {
  const names = candidates.map((item) => `'${item.name}'`)
  return diagnostic('semantic', 'group-by-ambiguous', `'${text}' could mean ${names.join(' or ')}.`, {
    hint: 'write the whole name',
  })
}
