import type { Diagnostic, DiagnosticBag } from '../../core/diagnostic.js'
import { PlumbError } from '../../core/diagnostic.js'
import type { YamlPath } from '../../project/index.js'
import type { Entry } from '../properties/entries.js'

/**
 * Ends the reading of an entry with everything that is wrong with it, each with its place in the file. `within`: the
 * part of the entry that a fault is in.
 * @throws PlumbError
 */
export function throwAt(bag: DiagnosticBag, entry: Entry, within: (fault: Diagnostic) => YamlPath): void {
  if (bag.errors.length === 0) return
  throw new PlumbError(
    bag.errors.map((fault) => ({
      ...fault,
      at: entry.properties.at([...entry.base, ...within(fault)]),
      subject: `${fault.subject} (${entry.properties.path})`,
    })),
  )
}
