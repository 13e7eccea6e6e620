import type { Json, JsonObject } from '../manifest/index.js'
import { parseCriterion } from './selection-spec.js'
import type { RawSelectors } from './selector-definitions.js'

/**
 * `selectors` as manifest.json shows them: strings taken apart, `{tag: x}` written out as method and value,
 * inherited definitions put in place.
 * @throws PlumbError for strings that are no criteria.
 */
export function normalizeSelectors(raw: RawSelectors): Record<string, JsonObject> {
  const done: Record<string, JsonObject> = {}
  for (const [name, entry] of Object.entries(raw)) {
    done[name] = { ...entry, definition: normalize(entry['definition'] ?? null, done) }
  }
  return done
}

function normalize(definition: Json, earlier: Readonly<Record<string, JsonObject>>): Json {
  if (typeof definition === 'string') return takenApart(definition)
  if (definition === null || typeof definition !== 'object' || Array.isArray(definition)) return definition
  for (const kind of ['union', 'intersection']) {
    const parts = definition[kind]
    if (Array.isArray(parts)) return { [kind]: parts.map((part) => normalize(part, earlier)) }
  }
  const [[key, first] = [], ...others] = Object.entries(definition)
  if (key === undefined || first === undefined) return definition
  const value: Json = Array.isArray(first) ? first.map((part) => normalize(part, earlier)) : first
  if (key === 'exclude') return { exclude: value }
  if (others.length === 0) return { method: key, value }
  const inherited = key === 'method' && first === 'selector' ? earlier[String(definition['value'])] : undefined
  return inherited?.['definition'] ?? definition
}

/** Only what was written, in dbt's order; depths stay text. */
function takenApart(raw: string): JsonObject {
  const { childrensParents, parents, parentsDepth, method, args, value, children, childrenDepth } = parseCriterion(
    raw,
    'eager',
  )
  return {
    ...(childrensParents ? { childrens_parents: true } : {}),
    ...(parents ? { parents: true } : {}),
    ...(parentsDepth === null ? {} : { parents_depth: String(parentsDepth) }),
    method: [method, ...args].join('.'),
    ...(value === '' ? {} : { value }),
    ...(children ? { children: true } : {}),
    ...(childrenDepth === null ? {} : { children_depth: String(childrenDepth) }),
  }
}
