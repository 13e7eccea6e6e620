import type { ResourceType } from '../../manifest/index.js'
import type { ConfigSection, Package } from '../../project/types.js'
import { isDict } from '../shape/shape.js'
import type { Settings } from './merge.js'

/** Settings of one folder of a config tree, and those of the folders above it. */
export interface ConfigLevel {
  readonly parent: ConfigLevel | undefined
  /** Own settings, `+` taken off; empty when there are none. */
  readonly settings: Settings
}

const NO_LEVEL: ConfigLevel = { parent: undefined, settings: {} }

/**
 * Finds what dbt_project.yml says for a resource: the tree's root, then down along the fqn as far as the tree goes.
 * A folder's level is made once, so that it can be the key of what was computed for it.
 */
export class ConfigTree {
  readonly #levels = new Map<object, ConfigLevel>()

  constructor(readonly root: { readonly [key: string]: unknown }) {}

  /** The nearest level for an fqn. */
  at(fqn: readonly string[]): ConfigLevel {
    let folder: { readonly [key: string]: unknown } = this.root
    let level = this.#level(folder, undefined)
    for (const name of fqn) {
      const next = Object.hasOwn(folder, name) ? folder[name] : undefined
      if (!isDict(next)) break
      folder = next
      level = this.#level(folder, level)
    }
    return level
  }

  #level(folder: { readonly [key: string]: unknown }, parent: ConfigLevel | undefined): ConfigLevel {
    let level = this.#levels.get(folder)
    if (level === undefined) {
      const settings = settingsOf(folder)
      level = settings === undefined && parent !== undefined ? parent : { parent, settings: settings ?? {} }
      this.#levels.set(folder, level)
    }
    return level
  }
}

/** Keys with `+`, and keys that are no folders; undefined when there are none. */
function settingsOf(folder: { readonly [key: string]: unknown }): Settings | undefined {
  let out: Settings | undefined
  for (const key in folder) {
    const value = folder[key]
    if (key.startsWith('+')) (out ??= {})[key.slice(1).trim()] = value
    else if (!isDict(value)) (out ??= {})[key] = value
  }
  return out
}

/** From the root down. */
export function levelsOf(level: ConfigLevel): Settings[] {
  const out: Settings[] = []
  for (let at: ConfigLevel | undefined = level; at !== undefined; at = at.parent) out.push(at.settings)
  return out.reverse()
}

const SECTIONS: { readonly [K in ResourceType]?: ConfigSection } = {
  seed: 'seeds',
  snapshot: 'snapshots',
  source: 'sources',
  test: 'data_tests',
  metric: 'metrics',
  semantic_model: 'semantic-models',
  saved_query: 'saved-queries',
  exposure: 'exposures',
  unit_test: 'unit_tests',
  function: 'functions',
}

/** The trees of one package, made when first asked for. */
export class PackageConfigTrees {
  readonly #rendered = new Map<ConfigSection, ConfigTree>()
  readonly #unrendered = new Map<ConfigSection, ConfigTree>()

  constructor(readonly pkg: Package) {}

  /** What dbt_project.yml says for a resource, templates rendered. */
  rendered(type: ResourceType, fqn: readonly string[]): ConfigLevel {
    return treeOf(this.#rendered, this.pkg.config.configTrees, SECTIONS[type] ?? 'models').at(fqn)
  }

  /** The same as written. dbt looks for functions under `models:` there, and finds none for semantic models. */
  unrendered(type: ResourceType, fqn: readonly string[]): ConfigLevel {
    if (type === 'semantic_model' || type === 'saved_query') return NO_LEVEL
    const section = type === 'function' ? 'models' : (SECTIONS[type] ?? 'models')
    return treeOf(this.#unrendered, this.pkg.config.unrenderedTrees, section).at(fqn)
  }
}

type Trees = { readonly [K in ConfigSection]?: { readonly [key: string]: unknown } }

function treeOf(made: Map<ConfigSection, ConfigTree>, trees: Trees, section: ConfigSection): ConfigTree {
  let tree = made.get(section)
  if (tree === undefined) {
    const own = trees[section] ?? {}
    // `tests:` is the old name of `data_tests:`; only one of them may be given.
    const root = section === 'data_tests' && Object.keys(own).length === 0 ? (trees.tests ?? {}) : own
    made.set(section, (tree = new ConfigTree(root)))
  }
  return tree
}
