import type { Adapter, AdapterPlugin } from './adapters/adapter.js'
import { loadAdapterPlugin } from './adapters/registry.js'
import type { PreviousState } from './artifacts/index.js'
import { builtinPackages } from './builtin-macros.js'
import type { TemplateSession } from './context/index.js'
import type { Flags } from './core/flags.js'
import type { Invocation } from './core/invocation.js'
import type { ColumnSelection, Dag } from './graph/index.js'
import type { JsonObject, Manifest, UniqueId } from './manifest/index.js'
import type { ParseResult } from './parse/index.js'
import type { RunPlan } from './plan/index.js'
import { loadProject, packageVars } from './project/index.js'
import type { Profile, Project } from './project/types.js'

export interface OpenProjectOptions {
  readonly invocation: Invocation
  readonly flags: Flags
  /** Absolute. */
  readonly projectDir: string
  readonly profilesDir?: string | null
  readonly profileName?: string | null
  readonly targetName?: string | null
  readonly cliVars?: JsonObject
  readonly targetPath?: string | null
  readonly threads?: number | null
  /** False for what works without a warehouse (`clean`). Default true. */
  readonly needProfile?: boolean
}

/** What to select, as the command line says it. */
export interface SelectionRequest {
  readonly select?: readonly string[]
  readonly exclude?: readonly string[]
  readonly selector?: string | null
  readonly resourceTypes?: readonly string[]
  readonly excludeResourceTypes?: readonly string[]
}

/** A project opened for work: each stage is computed once, when it is first asked for. */
export interface Workspace {
  readonly invocation: Invocation
  readonly flags: Flags
  readonly project: Project
  /** The earlier state that `--state` names. */
  readonly state: PreviousState | undefined
  /** @throws PlumbError when the project was opened without a profile. */
  plugin(): Promise<AdapterPlugin>
  parse(): Promise<ParseResult>
  manifest(): Promise<Manifest>
  dag(): Promise<Dag>
  /** The resources a request selects for a command (of the flags, if not named). `quiet`: what finds nothing is not said. */
  select(request: SelectionRequest, command?: string, options?: { readonly quiet?: boolean }): Promise<Set<UniqueId>>
  plan(selected: ReadonlySet<UniqueId>, options?: PlanOptions): Promise<RunPlan>
  /** The live warehouse; opened on first use: for reading only where the first who asks says so. */
  adapter(options?: { readonly readOnly?: boolean }): Promise<Adapter>
  /** What templates of a run see. `live: false` gives one without a warehouse. */
  session(selected: ReadonlySet<UniqueId>, live?: boolean): Promise<TemplateSession>
  /** Gives back whatever was opened. */
  close(): Promise<void>
}

export interface PlanOptions {
  /** dbt's name of the command, when it is not that of the flags (retry). */
  readonly command?: string
  readonly reasons?: ReadonlyMap<UniqueId, string>
}

/**
 * Reads a project and gets ready to parse, plan and run it.
 * @throws PlumbError with every fault of project file, profile, packages and selectors
 */
export async function openProject(options: OpenProjectOptions): Promise<Workspace> {
  const { invocation, flags } = options
  const needProfile = options.needProfile !== false
  const project = await loadProject(invocation, {
    projectDir: options.projectDir,
    profilesDir: options.profilesDir,
    profileName: options.profileName,
    targetName: options.targetName,
    threads: options.threads,
    cliVars: options.cliVars ?? {},
    targetPath: options.targetPath ?? flags.targetPath,
    logPath: flags.logPath,
    needProfile,
    needPackages: needProfile,
    versionCheck: flags.versionCheck,
    builtinMacros: (type) => builtinPackages([`dbt_${type}`]),
    describeTarget: async (profile) => {
      const plugin = await loadAdapterPlugin(String(profile.output['type']))
      return describeTarget(plugin, profile, options.projectDir)
    },
  })
  const lazy = createStages(options, project)
  const stateAt = async (path: string): Promise<PreviousState> => {
    const { openState } = await import('./artifacts/index.js')
    const { targetDir, root } = project
    return openState({ statePath: path, targetPath: targetDir, projectRoot: root.root, emit: invocation.emit })
  }
  const state = flags.state === null ? undefined : await stateAt(flags.state)

  const workspace: Workspace = {
    invocation,
    flags,
    project,
    state,
    ...lazy,
    manifest: async () => (await lazy.parse()).manifest,
    async select(request, command = flags.which, { quiet = false } = {}) {
      const [{ manifest }, dag, plugin] = await Promise.all([lazy.parse(), lazy.dag(), lazy.plugin()])
      const { selectForCommand } = await import('./plan/index.js')
      const { parseSelectors } = await import('./graph/index.js')
      const { compareState } = await import('./artifacts/index.js')
      const selectors = parseSelectors(project.selectors, flags.indirectSelection)
      const before = state?.manifest
      const columns = await columnSelectionFor(workspace, request)
      return selectForCommand({
        command,
        dag,
        manifest,
        args: { ...request, indirectSelection: flags.indirectSelection, selectors },
        options: {
          projectRoot: project.root.root,
          selectors,
          columns,
          emit: quiet ? () => {} : invocation.emit,
          runResults: state?.runResults,
          sources: state === undefined ? undefined : { previous: state.sources, current: state.sourcesNow },
          state:
            before === undefined
              ? undefined
              : compareState(manifest, before, {
                  emit: invocation.emit,
                  compareMoreUnrendered: flags.behavior['state_modified_compare_more_unrendered_values'] === true,
                  isEnforced: (type) => (plugin.dialect.constraintSupport[type] ?? 'not_supported') === 'enforced',
                }),
        },
      })
    },
    async plan(selected, { command = flags.which, reasons } = {}) {
      const [{ manifest }, dag] = await Promise.all([lazy.parse(), lazy.dag()])
      const { buildRunPlan } = await import('./plan/index.js')
      const { manifestToDeferTo } = await import('./artifacts/index.js')
      const defers = flags.defer || command === 'clone'
      const other = defers
        ? manifestToDeferTo(state, flags.deferState === null ? undefined : await stateAt(flags.deferState))
        : undefined
      return buildRunPlan({ command, dag, manifest, selected, flags, state: other, reasons })
    },
    async session(selected, live = true) {
      const parsed = await lazy.parse()
      const { TemplateSession: Session } = await import('./context/index.js')
      return new Session({
        invocation,
        project,
        flags,
        manifest: parsed.manifest,
        macros: await parsed.macros(),
        plugin: await lazy.plugin(),
        adapter: live ? await lazy.adapter() : null,
        selectedResources: [...selected],
        vars: (name) => packageVars(project, name),
      })
    },
  }
  return workspace
}

/** Lineage by column costs reading all SQL: only for selections that ask for it. */
async function columnSelectionFor(
  workspace: Workspace,
  request: SelectionRequest,
): Promise<ColumnSelection | undefined> {
  const written = [...(request.select ?? []), ...(request.exclude ?? [])].join(' ')
  if (!/(^|[\s,+@\d])column:/.test(written) && (request.selector ?? null) === null) return undefined
  if ((request.selector ?? null) !== null && !JSON.stringify(workspace.project.selectors ?? '').includes('column'))
    return undefined
  const { columnSelection } = await import('./lineage-graph.js')
  return columnSelection(workspace)
}

/** The stages that are made once, on first use. */
function createStages({ invocation, flags }: OpenProjectOptions, project: Project) {
  let plugin: Promise<AdapterPlugin> | undefined
  let parsed: Promise<ParseResult> | undefined
  let dag: Promise<Dag> | undefined
  let adapter: Promise<Adapter> | undefined
  const stages = {
    plugin: () => (plugin ??= loadAdapterPlugin(String(project.profile?.output['type'] ?? ''))),
    parse: () =>
      (parsed ??= (async () => {
        const { parseProject } = await import('./parse/index.js')
        return parseProject({
          invocation,
          project,
          flags,
          plugin: await stages.plugin(),
          checkDefinitions: async (manifest) => (await import('./semantic/index.js')).definitionFaults(manifest),
        })
      })()),
    dag: () =>
      (dag ??= (async () => {
        const { manifest } = await stages.parse()
        const { buildDag } = await import('./graph/index.js')
        return buildDag(manifest)
      })()),
    adapter: ({ readOnly = false }: { readonly readOnly?: boolean } = {}) =>
      (adapter ??= (async () => {
        const found = await stages.plugin()
        const threads = flags.singleThreaded ? 1 : (project.profile?.threads ?? 1)
        const credentials = found.credentials({ ...project.profile?.output, threads }, project.root.root)
        return found.open(credentials, {
          projectRoot: project.root.root,
          threads,
          signal: invocation.signal,
          env: invocation.env,
          wait: flags.wait ?? 0,
          readOnly,
          notify: (level, msg) => invocation.emit({ name: 'WarehouseNote', code: 'X002', level, msg, data: { msg } }),
        })
      })()),
    async close() {
      const open = adapter
      adapter = undefined
      await (await open)?.close()
    },
  }
  return stages
}

/** What `target` shows in templates: the warehouse says which of its credentials are no secrets. */
function describeTarget(plugin: AdapterPlugin, profile: Profile, root: string): JsonObject {
  const credentials = plugin.credentials({ ...profile.output, threads: profile.threads }, root)
  return {
    ...plugin.targetVars(credentials),
    type: plugin.type,
    schema: credentials.schema,
    threads: profile.threads,
    name: profile.targetName,
    target_name: profile.targetName,
    profile_name: profile.profileName,
  } as JsonObject
}
