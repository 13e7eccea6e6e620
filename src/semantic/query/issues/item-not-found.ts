import { type Diagnostic, diagnostic } from '../../../core/diagnostic.js'
import type { GroupByItem } from '../../group-by-item.js'
import type { SimpleMetric } from '../../metrics/definition.js'
import type { ItemPattern } from '../item-pattern.js'
import { nearest } from '../suggestions.js'

/** A dimension, entity or grain that (some of) the metrics cannot be grouped or filtered by. */
export function itemNotFound(
  pattern: ItemPattern,
  missing: readonly SimpleMetric[],
  available: readonly GroupByItem[],
): Diagnostic {
  const names = [...new Set(missing.map((leaf) => `'${leaf.name}' (${leaf.model.name})`))]
  const whom = names.length === 0 ? 'in a query without metrics' : `for ${names.join(', ')}`
  return diagnostic(
    'semantic',
    'group-by-not-found',
    `'${pattern.text}' cannot be used ${whom}: ${reason(pattern, available)}`,
    {
      hint: nearest(pattern.text, suggestions(pattern, available)),
    },
  )
}

function reason(pattern: ItemPattern, available: readonly GroupByItem[]): string {
  const same = available.filter((item) => item.element === pattern.element)
  const samePlace = same.filter((item) => item.path.join() === pattern.path.join())
  const grains = samePlace.flatMap((item) =>
    item.kind === 'time' && item.grain !== undefined ? [item.grain.name] : [],
  )
  if (pattern.grain !== undefined && grains.length > 0) return `its grains are ${grains.join(', ')}.`
  if (pattern.part !== undefined && samePlace.length > 0) return `it has no date part '${pattern.part}' here.`
  if (same.length > 0) {
    return `'${pattern.element}' is reached as ${[...new Set(same.map((item) => `'${baseName(item)}'`))].slice(0, 4).join(' or ')}.`
  }
  return 'no join that keeps the rows single leads to such a name, or more than one does.'
}

function suggestions(pattern: ItemPattern, available: readonly GroupByItem[]): string[] {
  const exact = available.filter((item) => item.element === pattern.element).map(baseName)
  return [...new Set([...exact, ...available.map(baseName)])]
}

/** The name without grain or part. */
function baseName(item: GroupByItem): string {
  return [...item.path, item.element].join('__')
}
