import { type Diagnostic, diagnostic } from '../../../core/diagnostic.js'

/** A filter that cannot be read, or holds what a caller must not send. */
export function filterSyntax(template: string, fault: string, where: string): Diagnostic {
  return diagnostic('semantic', 'filter-syntax', `The filter ${where} cannot be used: ${fault}\n  ${template.trim()}`, {
    hint: "write filters like {{ Dimension('listing__country') }} = 'us'",
  })
}
