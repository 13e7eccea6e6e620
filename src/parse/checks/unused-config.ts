import { allResources } from '../../manifest/index.js'
import type { ConfigSection } from '../../project/index.js'
import { isDict } from '../shape/shape.js'
import type { ParseState } from '../state.js'
import { pluralOf } from './duplicates.js'

/** Sections of dbt_project.yml by the plural of what they configure, in dbt's order. */
const SECTIONS: readonly (readonly [plural: string, section: ConfigSection])[] = [
  ['models', 'models'],
  ['seeds', 'seeds'],
  ['snapshots', 'snapshots'],
  ['sources', 'sources'],
  ['data_tests', 'data_tests'],
  ['unit_tests', 'unit_tests'],
  ['metrics', 'metrics'],
  ['semantic_models', 'semantic-models'],
  ['saved_queries', 'saved-queries'],
  ['exposures', 'exposures'],
  ['functions', 'functions'],
]

/** Warns of folders in dbt_project.yml that configure nothing. */
export function warnOfUnusedConfig(state: ParseState): void {
  const { manifest, project, warnings } = state
  const trees = project.root.config.configTrees
  if (SECTIONS.every(([, section]) => Object.keys(trees[section] ?? {}).length === 0)) return
  const byType = new Map<string, FqnTree>()
  for (const node of allResources(manifest)) {
    const plural = pluralOf(node.resource_type)
    let tree = byType.get(plural)
    if (tree === undefined) byType.set(plural, (tree = new Map()))
    addFqn(tree, node.fqn)
  }
  const disabled: FqnTree = new Map()
  for (const nodes of Object.values(manifest.disabled)) for (const node of nodes) addFqn(disabled, node.fqn)
  const unused: string[] = []
  for (const [plural, section] of SECTIONS) {
    const used = byType.get(plural)
    for (const path of pathsOf(trees[section] ?? {})) {
      if (hasPath(used, path) || hasPath(disabled, path)) continue
      unused.push([plural, ...path].join('.'))
    }
  }
  if (unused.length === 0) return
  const message =
    'Configuration paths exist in your dbt_project.yml file which do not apply to any resources.\n' +
    `There are ${unused.length} unused configuration paths:\n${unused.map((path) => `- ${path}`).join('\n')}`
  warnings.warn('UnusedResourceConfigPath', message, { data: { unused_config_paths: unused } })
}

interface FqnTree extends Map<string, FqnTree> {}

function addFqn(tree: FqnTree, fqn: readonly string[]): void {
  let at = tree
  for (const name of fqn) {
    let next = at.get(name)
    if (next === undefined) at.set(name, (next = new Map()))
    at = next
  }
}

function hasPath(tree: FqnTree | undefined, path: readonly string[]): boolean {
  if (tree === undefined || tree.size === 0) return false
  let at: FqnTree | undefined = tree
  for (const name of path) {
    at = at.get(name)
    if (at === undefined) return false
  }
  return true
}

/** Paths of folders that set something. */
function pathsOf(tree: { readonly [key: string]: unknown }): string[][] {
  const paths = new Map<string, string[]>()
  const visit = (folder: { readonly [key: string]: unknown }, path: string[]): void => {
    for (const key in folder) {
      const value = folder[key]
      if (isDict(value) && !key.startsWith('+')) visit(value, [...path, key])
      else paths.set(path.join('\u0000'), path)
    }
  }
  visit(tree, [])
  return [...paths.values()]
}
