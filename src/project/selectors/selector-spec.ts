import type { JsonObject } from '../../manifest/index.js'

/** Selection methods, as they stand before the colon (`tag:nightly`): dbt's, and our own `column`. */
export const SELECTION_METHODS: readonly string[] = [
  'fqn',
  'tag',
  'group',
  'access',
  'source',
  'path',
  'file',
  'package',
  'config',
  'test_name',
  'test_type',
  'resource_type',
  'state',
  'exposure',
  'metric',
  'result',
  'source_status',

  'version',
  'semantic_model',
  'saved_query',
  'unit_test',
  'selector',
  'column',
]

/** `@`, `2+`, `tag:nightly`, `+1`: prefix, parents, method, value, children. */
const SPEC = /^(@)?((\d*)\+)?(?:([\w.]+):)?(.*?)(\+(\d*))?$/s

/** A selection criterion in words (`+tag:nightly`) as the mapping that manifest.json shows. */
export function selectorSpecToDict(text: string): JsonObject {
  const [, at, parents, parentsDepth, method, value = '', children, childrenDepth] = SPEC.exec(text)!
  return {
    ...(at === undefined ? {} : { childrens_parents: true }),
    ...(parents === undefined ? {} : { parents: true }),
    ...(parentsDepth === undefined || parentsDepth === '' ? {} : { parents_depth: parentsDepth }),
    method: method ?? methodOf(value),
    ...(value === '' ? {} : { value }),
    ...(children === undefined ? {} : { children: true }),
    ...(childrenDepth === undefined || childrenDepth === '' ? {} : { children_depth: childrenDepth }),
  }
}

/** The method of a value without one: a path, a file name, else an fqn. */
function methodOf(value: string): string {
  if (value.includes('/')) return 'path'
  return /\.(?:sql|py|csv)$/i.test(value) ? 'file' : 'fqn'
}

/** What is wrong with a criterion in words; undefined when nothing is. */
export function selectorSpecFault(text: string): string | undefined {
  const [, at, , , method, , children] = SPEC.exec(text)!
  if (at !== undefined && children !== undefined) {
    return `Invalid node spec ${text} - "@" prefix and "+" suffix are incompatible`
  }
  return method === undefined ? undefined : methodFault(method)
}

/** What is wrong with a method name (`config.materialized` is fine). */
export function methodFault(method: string): string | undefined {
  const name = method.split('.')[0]!
  return SELECTION_METHODS.includes(name) ? undefined : `'${name}' is not a valid method name`
}
