import { PlumbError } from '../../core/diagnostic.js'
import type { ResourceType } from '../../manifest/index.js'
import type { Project } from '../../project/types.js'
import { faultMessage, type ShapeFault } from '../shape/shape.js'
import type { ConfigKind } from './config-kind.js'
import { type ConfigLevel, levelsOf, PackageConfigTrees } from './config-tree.js'
import { configKindOf } from './kinds.js'
import { applyConfig, defaultConfig, finishConfig, type Settings, translated } from './merge.js'

type ReadonlySettings = { readonly [key: string]: unknown }

const NOTHING: ReadonlySettings = Object.freeze({})

/** What is known of a resource when its configuration is asked for. */
export interface ConfigSubject {
  readonly type: ResourceType
  readonly packageName: string
  readonly fqn: readonly string[]
}

/** What files say beyond dbt_project.yml, weaker first. */
export interface ConfigLayers {
  /** `config:` of the properties file. */
  readonly patch?: ReadonlySettings | undefined
  /** `config(...)` in the file itself. */
  readonly call?: ReadonlySettings | undefined
}

/**
 * Puts configurations together as dbt does, weakest first: defaults, the own package's dbt_project.yml from the root
 * down to the folder, the properties file, calls in the file, and for an installed package the root project's
 * dbt_project.yml on top. What only depends on the folder is computed once.
 */
export class ConfigResolver {
  readonly #trees = new Map<string, PackageConfigTrees>()
  readonly #folders = new Map<ConfigKind, Map<ConfigLevel, ReadonlySettings>>()
  readonly #finished = new WeakMap<object, ReadonlySettings>()
  readonly #defaults = new Map<ConfigKind, ReadonlySettings>()

  constructor(
    readonly project: Project,
    /** The warehouse's other names for settings: `dbname` -> `database`. */
    readonly aliases: ReadonlyMap<string, string>,
  ) {}

  /**
   * The finished configuration of a resource. Shared and frozen when no file says anything about it, so it must be
   * copied to be changed.
   * @throws PlumbError (kind `parsing`) when a value has the wrong type.
   */
  resolve(subject: ConfigSubject, layers: ConfigLayers): ReadonlySettings {
    const kind = configKindOf(subject.type)
    const own = this.#folderConfig(kind, this.#treesOf(subject.packageName).rendered(subject.type, subject.fqn))
    const active = this.#activeLevels(subject, 'rendered')
    const { patch, call } = layers
    if (isEmpty(patch) && isEmpty(call) && active === undefined) return this.#finishShared(kind, own, subject)
    let config: ReadonlySettings = own
    if (patch !== undefined && !isEmpty(patch)) config = applyConfig(kind, config, patch, this.aliases)
    if (call !== undefined && !isEmpty(call)) config = applyConfig(kind, config, call, this.aliases)
    for (const settings of active ?? []) config = applyConfig(kind, config, settings, this.aliases)
    const finished: Settings = config === own ? { ...config } : (config as Settings)
    throwFault(finishConfig(kind, finished), subject)
    return finished
  }

  /** What dbt_project.yml alone gives a resource. */
  base(subject: ConfigSubject): ReadonlySettings {
    return this.resolve(subject, {})
  }

  /** The same layers unjoined and as written: the nearest one that has a key wins. For comparing states. */
  unrendered(subject: ConfigSubject, layers: ConfigLayers): Settings {
    const out: Settings = {}
    const lay = (settings: ReadonlySettings): void => {
      for (const [key, value] of translated(settings, this.aliases)) out[key] = value
    }
    for (const settings of levelsOf(this.#treesOf(subject.packageName).unrendered(subject.type, subject.fqn))) {
      lay(settings)
    }
    if (layers.patch !== undefined) lay(layers.patch)
    if (layers.call !== undefined) lay(layers.call)
    for (const settings of this.#activeLevels(subject, 'unrendered') ?? []) lay(settings)
    return out
  }

  #treesOf(packageName: string): PackageConfigTrees {
    let trees = this.#trees.get(packageName)
    if (trees === undefined) {
      const pkg = this.project.packages.get(packageName) ?? this.project.root
      this.#trees.set(packageName, (trees = new PackageConfigTrees(pkg)))
    }
    return trees
  }

  /** The root project's settings for a resource of another package; undefined when there are none. */
  #activeLevels(subject: ConfigSubject, which: 'rendered' | 'unrendered'): Settings[] | undefined {
    const root = this.project.root.name
    if (subject.packageName === root) return undefined
    const levels = levelsOf(this.#treesOf(root)[which](subject.type, subject.fqn))
    return levels.some((settings) => !isEmpty(settings)) ? levels : undefined
  }

  #folderConfig(kind: ConfigKind, level: ConfigLevel): ReadonlySettings {
    let made = this.#folders.get(kind)
    if (made === undefined) this.#folders.set(kind, (made = new Map()))
    let config = made.get(level)
    if (config === undefined) {
      const above = level.parent === undefined ? this.#defaultsOf(kind) : this.#folderConfig(kind, level.parent)
      config = isEmpty(level.settings) ? above : applyConfig(kind, above, level.settings, this.aliases)
      made.set(level, config)
    }
    return config
  }

  #defaultsOf(kind: ConfigKind): ReadonlySettings {
    let config = this.#defaults.get(kind)
    if (config === undefined) this.#defaults.set(kind, (config = defaultConfig(kind)))
    return config
  }

  #finishShared(kind: ConfigKind, config: ReadonlySettings, subject: ConfigSubject): ReadonlySettings {
    let finished = this.#finished.get(config)
    if (finished === undefined) {
      const copy: Settings = { ...config }
      throwFault(finishConfig(kind, copy), subject)
      finished = Object.freeze(copy)
      this.#finished.set(config, finished)
    }
    return finished
  }
}

/** Resources that stand in YAML only: dbt words faults of their configuration without a header. */
const YAML_ONLY: ReadonlySet<string> = new Set(['source', 'metric', 'exposure', 'semantic_model', 'saved_query'])

function throwFault(fault: ShapeFault | undefined, { type }: ConfigSubject): void {
  if (fault === undefined) return
  throw new PlumbError({
    kind: YAML_ONLY.has(type) ? 'validation' : 'parsing',
    code: 'config-invalid',
    severity: 'error',
    message: faultMessage(fault),
  })
}

function isEmpty(settings: ReadonlySettings | undefined): boolean {
  if (settings === undefined || settings === NOTHING) return true
  for (const _ in settings) return false
  return true
}
