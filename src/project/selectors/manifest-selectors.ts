import type { Json, JsonObject } from '../../manifest/index.js'
import { selectorSpecToDict } from './selector-spec.js'

/**
 * The selectors as manifest.json shows them: criteria in words become mappings, a selector that another one uses is
 * put in its place.
 */
export function manifestSelectors(selectors: Readonly<Record<string, JsonObject>>): Record<string, JsonObject> {
  const done: Record<string, JsonObject> = {}
  for (const [name, entry] of Object.entries(selectors)) {
    done[name] = { ...entry, definition: normalForm(entry['definition']!, done) }
  }
  return done
}

function normalForm(definition: Json, done: Readonly<Record<string, JsonObject>>): Json {
  if (typeof definition === 'string') return selectorSpecToDict(definition)
  if (definition === null || typeof definition !== 'object' || Array.isArray(definition)) return definition
  for (const operator of ['union', 'intersection']) {
    const parts = definition[operator]
    if (Array.isArray(parts)) return { [operator]: parts.map((part) => normalForm(part, done)) }
  }
  const keys = Object.keys(definition)
  const first = keys[0]!
  const given = definition[first]!
  const value = Array.isArray(given) ? given.map((part) => normalForm(part, done)) : given
  if (first === 'exclude') return { exclude: value }
  if (keys.length === 1) return { method: first, value }
  if (first === 'method' && given === 'selector') return done[String(definition['value'])]?.['definition'] ?? definition
  return definition
}
