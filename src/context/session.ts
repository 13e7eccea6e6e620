import type { Adapter, AdapterPlugin, Credentials } from '../adapters/adapter.js'
import { fail } from '../core/diagnostic.js'
import type { Flags } from '../core/flags.js'
import type { Invocation } from '../core/invocation.js'
import { compileTemplate, RenderThread, type Template, type UndefinedMode, type Value } from '../jinja/index.js'
import type { JsonObject, Manifest, UniqueId } from '../manifest/index.js'
import type { Project } from '../project/types.js'
import { packageVars } from '../project/vars.js'
import type { MacroRegistry } from './macro-registry.js'
import { ManifestLookup } from './manifest-lookup.js'
import { ColumnClass } from './objects/column-class.js'
import { RelationClass } from './objects/relation-class.js'
import { RelationCache } from './relation-cache.js'
import { parseSampleWindow, type TimeWindow } from './sample-window.js'
import { TargetFolders } from './target-file.js'

export interface SessionOptions {
  readonly invocation: Invocation
  readonly project: Project
  readonly flags: Flags
  readonly manifest: Manifest
  readonly macros: MacroRegistry
  readonly plugin: AdapterPlugin
  /** The live warehouse; absent while parsing. */
  readonly adapter?: Adapter | null
  /** Ids of the resources this command selected: `selected_resources`. */
  readonly selectedResources?: readonly UniqueId[]
  /** Vars a package sees, those of the command line left out; from the project when absent. */
  readonly vars?: (packageName: string) => JsonObject
  /** Names of resources; made from the manifest when absent. */
  readonly lookup?: ManifestLookup
  /** Relations known already, when a session follows another of the same invocation. */
  readonly relationCache?: RelationCache
  /** Folders written to already, likewise. */
  readonly targetFolders?: TargetFolders
}

/**
 * What all templates of one invocation share: project, manifest, macros, warehouse. Values that look the same from
 * every template are made once here. A scope is a cheap view of a session for one node.
 */
export class TemplateSession {
  readonly invocation: Invocation
  readonly project: Project
  readonly flags: Flags
  readonly manifest: Manifest
  readonly macros: MacroRegistry
  readonly plugin: AdapterPlugin
  readonly adapter: Adapter | null
  readonly credentials: Credentials
  readonly selectedResources: readonly UniqueId[]
  readonly relationCache: RelationCache
  /** Where files of the target folder are written. */
  readonly targetFolders: TargetFolders
  /** `api.Relation`, with the project's quoting. */
  readonly relations: RelationClass
  /** `api.Column` */
  readonly columns: ColumnClass
  readonly #options: SessionOptions
  readonly #vars = new Map<string, JsonObject>()
  readonly #templates = new Map<string, Template>()
  readonly #shared = new Map<string, unknown>()
  readonly #pending = new Map<string, Promise<unknown>>()
  #lookup: ManifestLookup | undefined
  #sample: TimeWindow | undefined
  #selected: ReadonlySet<UniqueId> | undefined

  /** @throws PlumbError when the project has no profile. */
  constructor(options: SessionOptions) {
    this.#options = options
    this.invocation = options.invocation
    this.project = options.project
    this.flags = options.flags
    this.manifest = options.manifest
    this.macros = options.macros
    this.plugin = options.plugin
    this.adapter = options.adapter ?? null
    this.credentials = options.adapter?.credentials ?? credentialsOf(options.project, options.plugin)
    this.selectedResources = options.selectedResources ?? []
    this.relationCache = options.relationCache ?? new RelationCache()
    this.targetFolders = options.targetFolders ?? new TargetFolders()
    this.relations = new RelationClass(options.plugin, options.project.root.config.quoting)
    this.columns = new ColumnClass(options.plugin)
  }

  get rootPackage(): string {
    return this.project.root.name
  }

  /** Names of resources to resources. */
  get lookup(): ManifestLookup {
    this.#lookup ??=
      this.#options.lookup ??
      new ManifestLookup(
        this.manifest,
        this.rootPackage,
        this.flags.behavior['require_ref_searches_node_package_before_root'] === true,
      )
    return this.#lookup
  }

  /** `--sample` as a span of time. */
  get sampleWindow(): TimeWindow | null {
    if (this.flags.sample === null) return null
    this.#sample ??= parseSampleWindow(this.flags.sample, this.invocation.startedAt)
    return this.#sample
  }

  isSelected(id: UniqueId): boolean {
    this.#selected ??= new Set(this.selectedResources)
    return this.#selected.has(id)
  }

  /** Everything `var()` can answer in a package: the command line's vars over the root's over the package's own. */
  vars(packageName: string): JsonObject {
    let vars = this.#vars.get(packageName)
    if (vars === undefined) {
      const own = this.#options.vars?.(packageName) ?? packageVars(this.project, packageName)
      vars = { ...own, ...this.project.cliVars }
      this.#vars.set(packageName, vars)
    }
    return vars
  }

  /** A value that is the same for all scopes, made when first asked for. */
  shared<T = Value>(name: string, make: () => T): T {
    let value = this.#shared.get(name) as T | undefined
    if (value === undefined) this.#shared.set(name, (value = make()))
    return value
  }

  /** A template, compiled once for each text: hooks, `render(...)`, vars with Jinja in them. */
  template(source: string, file: string): Template {
    const key = `${file}\u0000${source}`
    let template = this.#templates.get(key)
    if (template === undefined) this.#templates.set(key, (template = compileTemplate(source, { file })))
    return template
  }

  /** Work that several nodes wait for and is done once: the SQL of an ephemeral model. A failure is remembered too. */
  once<T>(key: string, work: () => Promise<T>): Promise<T> {
    let pending = this.#pending.get(key) as Promise<T> | undefined
    if (pending === undefined) this.#pending.set(key, (pending = work()))
    return pending
  }

  newThread(undefinedMode: UndefinedMode): RenderThread {
    return new RenderThread({ undefinedMode })
  }

  /** A session that differs in some parts: another manifest (unit tests), other vars. Caches of values are not shared. */
  derive(changes: Partial<SessionOptions>): TemplateSession {
    return new TemplateSession({
      ...this.#options,
      relationCache: this.relationCache,
      targetFolders: this.targetFolders,
      ...changes,
    })
  }
}

function credentialsOf(project: Project, plugin: AdapterPlugin): Credentials {
  if (project.profile === null) {
    fail('profile', 'profile-missing', 'Templates need a profile: they see the target they are written for')
  }
  return plugin.credentials(project.profile.output, project.root.root)
}
