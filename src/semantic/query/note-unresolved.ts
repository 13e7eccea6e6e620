import type { DiagnosticBag } from '../../core/diagnostic.js'
import type { GroupByResolver, ItemResolution } from './group-by-resolver.js'
import { datePartExcluded } from './issues/date-part-excluded.js'
import { itemAmbiguous } from './issues/item-ambiguous.js'
import { itemNotFound } from './issues/item-not-found.js'
import { noCommonItem } from './issues/no-common-item.js'
import type { ItemPattern } from './item-pattern.js'

/** Puts into the bag why a pattern named no single item. */
export function noteUnresolved(
  pattern: ItemPattern,
  resolution: Exclude<ItemResolution, { readonly item: unknown }>,
  metrics: readonly string[],
  resolver: GroupByResolver,
  bag: DiagnosticBag,
): void {
  if ('missing' in resolution) bag.add(itemNotFound(pattern, resolution.missing, resolver.available(metrics)))
  else if ('ambiguous' in resolution) bag.add(itemAmbiguous(pattern.text, resolution.ambiguous))
  else if ('excluded' in resolution) bag.add(datePartExcluded(pattern.text, metrics))
  else bag.add(noCommonItem(pattern.text, metrics))
}
