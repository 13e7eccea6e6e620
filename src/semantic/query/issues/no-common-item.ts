import { type Diagnostic, diagnostic } from '../../../core/diagnostic.js'

/** Each metric has such an item, but not the same one. */
export function noCommonItem(text: string, metrics: readonly string[]): Diagnostic {
  return diagnostic(
    'semantic',
    'group-by-not-common',
    `'${text}' means something else for each of the metrics ${metrics.join(', ')}.`,
    { hint: 'write the whole path, or ask for the metrics one by one' },
  )
}
