import { fail, PlumbError } from '../core/diagnostic.js'
import { didYouMean } from '../core/did-you-mean.js'
import type { IndirectSelection } from '../core/flags.js'
import type { Json, JsonObject } from '../manifest/index.js'
import { fnmatch } from './fnmatch.js'
import { criterion, depthOf, parseCriterion, type SelectionSpec } from './selection-spec.js'

/** selectors.yml as read: each entry with `name`, `definition`, perhaps `default` and `description`, in file order. */
export type RawSelectors = Readonly<Record<string, JsonObject>>

/** The definitions of selectors.yml, understood. */
export interface Selectors {
  readonly specs: ReadonlyMap<string, SelectionSpec>
  /** The one with `default: true`. */
  readonly defaultName: string | undefined
}

/**
 * Understands selectors.yml. Definitions may name others (`method: selector`): an earlier one, named exactly and
 * without graph operators, stands for its definition (dbt 1.11); anything else is looked up when selecting (dbt 1.12).
 * @throws PlumbError `invalid-selector-definition`, `unknown-selector-method`, `invalid-selection`.
 */
export function parseSelectors(raw: RawSelectors, indirectSelection: IndirectSelection): Selectors {
  const specs = new Map<string, SelectionSpec>()
  let defaultName: string | undefined
  for (const [name, entry] of Object.entries(raw)) {
    if (entry['default'] === true) {
      if (defaultName !== undefined) {
        invalid(
          `Error when parsing the selector file. Found multiple selectors with \`default: true\`:${defaultName} and ${name}`,
        )
      }
      defaultName = name
    }
    try {
      specs.set(name, parseDefinition(entry['definition'] ?? null, { earlier: specs, indirectSelection }, true))
    } catch (error) {
      throw error instanceof PlumbError ? error.with({ subject: `selector ${name} (selectors.yml)` }) : error
    }
  }
  return { specs, defaultName }
}

/**
 * The definition called `name`.
 * @throws PlumbError `selector-not-found`.
 */
export function selectorNamed(selectors: Selectors, name: string): SelectionSpec {
  const spec = selectors.specs.get(name)
  if (spec !== undefined) return spec
  const names = [...selectors.specs.keys()]
  return fail(
    'selector',
    'selector-not-found',
    `Could not find selector named ${name}, expected one of ${pythonList(names)}`,
    { hint: didYouMean(name, names) ?? (names.length === 0 ? 'the project has no selectors.yml' : undefined) },
  )
}

/**
 * All definitions whose name matches the pattern, by name (dbt 1.12's `selector:` method).
 * @throws PlumbError `selector-not-found`.
 */
export function selectorsMatching(selectors: Selectors | undefined, pattern: string): [string, SelectionSpec][] {
  if (selectors === undefined || selectors.specs.size === 0) {
    fail('selector', 'selector-not-found', 'Cannot use selector: method if selectors.yml is not provided')
  }
  const matches = fnmatch(pattern)
  const found = [...selectors.specs].filter(([name]) => matches(name))
  if (found.length > 0) return found.sort(([a], [b]) => (a < b ? -1 : 1))
  return fail('selector', 'selector-not-found', `Selector '${pattern}' did not match any selector in selectors.yml`, {
    hint: didYouMean(pattern, selectors.specs.keys()),
  })
}

interface Surroundings {
  readonly earlier: ReadonlyMap<string, SelectionSpec>
  readonly indirectSelection: IndirectSelection
}

function parseDefinition(definition: Json, around: Surroundings, atRoot = false): SelectionSpec {
  if (typeof definition === 'string') return parseCriterion(definition, around.indirectSelection)
  if (definition === null || typeof definition !== 'object' || Array.isArray(definition)) {
    return invalid(`Expected to find union, intersection, str or dict, instead found ${JSON.stringify(definition)}`)
  }
  for (const kind of ['union', 'intersection'] as const) {
    if (!(kind in definition)) continue
    if (atRoot && Object.keys(definition).length > 1) {
      invalid(
        "Only a single 'union' or 'intersection' key is allowed in a root level selector definition; " +
          `found ${Object.keys(definition).join(',')}.`,
      )
    }
    return parseSet(kind, definition, around)
  }
  return parseMethod(definition, around)
}

function parseSet(kind: 'union' | 'intersection', definition: JsonObject, around: Surroundings): SelectionSpec {
  const parts: SelectionSpec[] = []
  let excluded: SelectionSpec | undefined
  let excludes = 0
  for (const entry of listOf(definition, kind)) {
    if (typeof entry === 'object' && 'exclude' in entry) {
      if (++excludes > 1) {
        invalid(
          `You cannot provide multiple exclude arguments to the same selector set operator:\n${JSON.stringify(entry)}`,
        )
      }
      excluded = parseExclude(entry, around)
    } else {
      parts.push(parseDefinition(entry, around))
    }
  }
  return without({ kind, parts, indirectSelection: 'eager' }, excluded)
}

function parseExclude(definition: JsonObject, around: Surroundings): SelectionSpec | undefined {
  const parts = listOf(definition, 'exclude').map((entry) => parseDefinition(entry, around))
  return parts.length > 1 ? { kind: 'union', parts, indirectSelection: 'eager' } : parts[0]
}

function without(spec: SelectionSpec, excluded: SelectionSpec | undefined): SelectionSpec {
  if (excluded === undefined) return spec
  return { kind: 'difference', parts: [spec, excluded], indirectSelection: 'eager' }
}

function parseMethod(definition: JsonObject, around: Surroundings): SelectionSpec {
  const keys = Object.keys(definition)
  const only = keys.length === 1 ? keys[0]! : undefined
  const entry: JsonObject = only === undefined ? definition : { method: only, value: definition[only]! }
  const { method, value } = entry
  if (method === undefined || value === undefined) {
    return invalid(`Expected either 1 key or else "method" and "value" keys, but got ${pythonList(keys)}`)
  }
  const inherited = method === 'selector' ? around.earlier.get(String(value)) : undefined
  if (inherited !== undefined && !GRAPH_OPERATORS.some((key) => Boolean(entry[key]))) return inherited
  const base = criterion({
    raw: JSON.stringify(definition),
    method: String(method),
    value,
    childrensParents: Boolean(entry['childrens_parents']),
    parents: Boolean(entry['parents']),
    parentsDepth: depthOf(entry['parents_depth']),
    children: Boolean(entry['children']),
    childrenDepth: depthOf(entry['children_depth']),
    indirectSelection: indirectSelectionOf(entry['indirect_selection']) ?? around.indirectSelection,
  })
  return without(base, 'exclude' in entry ? parseExclude(entry, around) : undefined)
}

const GRAPH_OPERATORS = ['parents', 'children', 'childrens_parents', 'exclude']

function indirectSelectionOf(value: Json | undefined): IndirectSelection | undefined {
  if (value === undefined) return undefined
  if (value === 'eager' || value === 'cautious' || value === 'buildable' || value === 'empty') return value
  return invalid(`${JSON.stringify(value)} is not a valid IndirectSelection`)
}

function listOf(definition: JsonObject, key: string): (string | JsonObject)[] {
  const values = definition[key]
  if (!Array.isArray(values)) return invalid(`Invalid value for key "${key}". Expected a list.`)
  return values.map((value) => {
    if (typeof value === 'string') return value
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value
    return invalid(`Invalid value in key "${key}", expected dict or str (value: ${JSON.stringify(value)}).`)
  })
}

function invalid(message: string): never {
  return fail('selector', 'invalid-selector-definition', `Could not read selector file data: ${message}`, {
    hint: 'a definition is a string, {method: value}, {method: ..., value: ...}, or a union or intersection of those',
  })
}

/** A list of names as Python prints it, which is what dbt's messages show. */
function pythonList(names: readonly string[]): string {
  return `[${names.map((name) => `'${name}'`).join(', ')}]`
}
