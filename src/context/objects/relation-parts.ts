import { fail } from '../../core/diagnostic.js'
import { isMapping, isUndefined, mappingEntries, toStr, type Value } from '../../jinja/index.js'
import { NAME_PARTS, type NamePart, type Policy } from './relation-state.js'

/** The parts of a name a dict names; what is not there stays. */
export function nameParts(value: Value): Partial<Record<NamePart, string | null>> {
  const parts: Partial<Record<NamePart, string | null>> = {}
  if (!isMapping(value)) return parts
  for (const [key, text] of mappingEntries(value)) {
    const part = NAME_PARTS.find((p) => p === key)
    if (part !== undefined) parts[part] = namePart(part, text)
  }
  return parts
}

/**
 * A part of a name as templates give it.
 * @throws PlumbError for anything but a string and None, undefined names above all.
 */
export function namePart(part: NamePart, value: Value): string | null {
  if (value === null || typeof value === 'string') return value
  fail('compilation', 'invalid-relation-path', `Got an invalid path ${part}: ${isUndefined(value) ? '' : toStr(value)}`)
}

/** A policy given as a dict. */
export function policyOf(value: Value): Partial<Policy> {
  const policy: Partial<Record<NamePart, boolean>> = {}
  if (isMapping(value)) {
    for (const [key, flag] of mappingEntries(value)) {
      const part = NAME_PARTS.find((p) => p === key)
      if (part !== undefined && typeof flag === 'boolean') policy[part] = flag
    }
  }
  return policy
}
