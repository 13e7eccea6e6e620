import type { YamlPath } from '../yaml/positions.js'

const LATE_HOOKS = new Set(['pre-hook', 'post-hook', 'pre_hook', 'post_hook'])
const TREES_WITH_HOOKS = new Set(['seeds', 'models', 'snapshots', 'tests', 'data_tests'])
const LATE_TOP_LEVEL = new Set(['on-run-start', 'on-run-end', 'query-comment', 'vars'])

/** dbt_project.yml: hooks are rendered for each node, `vars` and the query comment when they are used. */
export function skipInProject(path: YamlPath): boolean {
  const first = path[0]
  if (typeof first !== 'string') return false
  if (LATE_TOP_LEVEL.has(first)) return true
  if (!TREES_WITH_HOOKS.has(first)) return false
  return path.some((key) => typeof key === 'string' && LATE_HOOKS.has(key.replace(/^[+ ]+/, '')))
}

const LATE_TEXTS = new Set<unknown>(['tests', 'data_tests', 'description', 'loaded_at_query'])
const LATE_CONFIGS = new Set<unknown>(['pre_hook', 'post_hook', 'loaded_at_query'])
const LATE_COLUMN_TEXTS = new Set<unknown>(['tests', 'data_tests', 'description'])
const LISTS_OF_COLUMNS = new Set<unknown>(['columns', 'dimensions', 'measures', 'entities'])

/** Descriptions, tests and hooks of one resource: rendered later, with what is known then. */
function isLate(path: YamlPath): boolean {
  if (path.length >= 1 && LATE_TEXTS.has(path[0])) return true
  if (path.length === 2 && LATE_TEXTS.has(path[1])) return true
  if (path.length >= 2 && path[0] === 'config' && LATE_CONFIGS.has(path[1])) return true
  // versions[i].columns[j].description
  if (path.length === 5 && path[4] === 'description') return true
  return path.length >= 3 && LISTS_OF_COLUMNS.has(path[0]) && LATE_COLUMN_TEXTS.has(path[2])
}

/** Filters and descriptions of what a model says about metrics. */
function isSemantic(path: YamlPath): boolean {
  if (path[0] === 'metrics')
    return path.at(-1) === 'filter' || path.at(-2) === 'filter' || path.at(-1) === 'description'
  return path[0] === 'derived_semantics' && path.at(-1) === 'description'
}

/**
 * What is not rendered in an entry of a properties file. `key` is the list the entry stands in (`models`, `sources`,
 * `macros`, `metrics` ...), the path begins inside the entry.
 */
export function skipInProperties(key: string): (path: YamlPath) => boolean {
  switch (key) {
    case 'sources':
      return (path) => {
        if (path[0] === 'description' || path[0] === 'loaded_at_query') return true
        if (path.length >= 2 && path[0] === 'config' && path[1] === 'loaded_at_query') return true
        return path[0] === 'tables' && isLate(path.slice(2))
      }
    case 'macros':
      return (path) => isLate(path[0] === 'arguments' ? path.slice(1) : path)
    case 'metrics':
      return (path) => path.at(-1) === 'filter' || path.at(-2) === 'filter' || isLate(path)
    case 'models':
      return (path) => isLate(path) || isSemantic(path)
    case 'saved_queries':
      return (path) => (path[0] === 'query_params' && path.length > 1 && path[1] === 'where') || isLate(path)
    default:
      return isLate
  }
}
