import { readdirSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { type Diagnostic, DiagnosticBag, diagnostic, fail, PlumbError } from '../core/diagnostic.js'
import type { Invocation } from '../core/invocation.js'
import { py, type Scope, type Value } from '../jinja/index.js'
import type { JsonObject } from '../manifest/index.js'
import { checkCatalogsFile } from './config/catalogs-file.js'
import { buildProjectConfig } from './config/project-config.js'
import { PROJECT_FILE, readProjectFile, readText, type YamlFile, yamlFile } from './config/project-file.js'
import { Deprecations } from './deprecations.js'
import { LOCK_FILE, type PackagesFile, readPackagesFile } from './packages-file.js'
import { loadProfile } from './profile.js'
import { resolveProfilesDir } from './project-dirs.js'
import { renderText } from './render/render-yaml.js'
import { createYamlScope } from './render/yaml-scope.js'
import { readSelectorsFile } from './selectors/selectors-file.js'
import type { Package, Profile, Project, ProjectConfig } from './types.js'
import { isYamlMapping } from './yaml/plain-json.js'
import { readYaml } from './yaml/read-yaml.js'

export interface LoadProjectOptions {
  /** Absolute. */
  readonly projectDir: string
  readonly profilesDir?: string | null | undefined
  readonly profileName?: string | null | undefined
  readonly targetName?: string | null | undefined
  readonly threads?: number | null | undefined
  readonly cliVars: JsonObject
  readonly targetPath?: string | null | undefined
  readonly logPath?: string | null | undefined
  /** False for commands that work without a warehouse (`deps`, `clean`): there `target.x` is empty text. */
  readonly needProfile: boolean
  /** False: installed packages are not looked at (`deps`, `clean`, `init`). Default true. */
  readonly needPackages?: boolean
  /** Missing vars in configuration files are None instead of an error (`deps`). */
  readonly lenientVars?: boolean
  /** False (`--no-version-check`): `require-dbt-version` is not enforced. Default true. */
  readonly versionCheck?: boolean
  /** Macro packages that come with the tool, strongest first. */
  readonly builtinMacros: (adapterType: string) => readonly { name: string; root: string }[]
  /** What `target` shows of a profile's credentials; without it, the output's own keys less secrets. */
  readonly describeTarget?: (profile: Profile) => JsonObject | Promise<JsonObject>
}

/**
 * Reads a project: configuration, profile, packages, selectors. No SQL is touched.
 * @throws PlumbError with every independent fault that was found.
 */
export async function loadProject(invocation: Invocation, options: LoadProjectOptions): Promise<Project> {
  const bag = new DiagnosticBag()
  const deprecations = new Deprecations(invocation.emit)
  const envVarsUsed = new Map<string, string>()
  const file = readProjectFile(options.projectDir, PROJECT_FILE, (key, text) =>
    deprecations.duplicateKey(key, text, PROJECT_FILE),
  )
  const fileVars = readVarsFile(options.projectDir, file)
  const vars = { ...fileVars, ...options.cliVars }
  const common = { invocation, renderVars: true, lenientVars: options.lenientVars === true }
  const secretScope = createYamlScope({
    ...common,
    vars: options.cliVars,
    envVars: { secrets: true, used: envVarsUsed },
  })

  // What the profile takes from the environment counts by what comes of it: a parse outlives a new password.
  const profileScope = createYamlScope({
    ...common,
    vars: options.cliVars,
    envVars: { secrets: true, used: new Map() },
  })
  const profile = options.needProfile
    ? await attempt(bag, () => chooseProfile(file, profileScope, invocation, options))
    : null
  const target = (profile && (await attempt(bag, () => targetOf(profile, options)))) ?? EMPTY_TARGET
  const scope = createYamlScope({
    ...common,
    vars,
    target: target as JsonObject,
    envVars: { secrets: false, used: envVarsUsed },
  })
  const config = await attempt(bag, () =>
    buildProjectConfig(file, {
      scope,
      deprecations,
      checkVersion: options.versionCheck !== false,
      targetPath: options.targetPath ?? undefined,
      logPath: options.logPath ?? undefined,
      fileVars: Object.keys(fileVars).length === 0 ? undefined : fileVars,
    }),
  )
  const packagesFile = await attempt(bag, () =>
    readPackagesFile(options.projectDir, { scope: secretScope, env: invocation.env }),
  )
  const selectors = (await attempt(bag, () => readSelectorsFile(options.projectDir, scope))) ?? {}
  await attempt(bag, () => checkCatalogsFile(options.projectDir, secretScope))
  // Without a profile, `target` is empty and what hangs on it cannot be judged.
  throwErrors(bag, options.needProfile && target === EMPTY_TARGET)

  const root: Package = { name: config!.name, root: options.projectDir, kind: 'root', config: config! }
  const packages = new Map<string, Package>([[root.name, root]])
  if (options.needPackages !== false) {
    const packageScope = createYamlScope({
      ...common,
      vars: {},
      target: target as JsonObject,
      envVars: { secrets: false, used: envVarsUsed },
    })
    await addPackages(packages, root, packagesFile!, profile ?? null, packageScope, deprecations, options, bag)
    bag.throwIfErrors()
  }
  return {
    root,
    packages,
    profile: profile ?? null,
    cliVars: options.cliVars,
    selectors,
    envVarsUsed,
    targetDir: resolve(options.projectDir, root.config.targetPath),
  }
}

/** Runs one independent part; its errors are kept and the rest goes on. */
async function attempt<T>(bag: DiagnosticBag, part: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await part()
  } catch (error) {
    bag.capture(error)
    return undefined
  }
}

function throwErrors(bag: DiagnosticBag, withoutTarget: boolean): void {
  const errors = bag.errors
  if (errors.length === 0) return
  const firm = withoutTarget ? errors.filter((d: Diagnostic, i) => i === 0 || d.kind !== 'compilation') : errors
  throw new PlumbError(firm)
}

/** vars.yml (dbt 1.12): takes the place of `vars:` and is known while dbt_project.yml is rendered. */
function readVarsFile(root: string, project: YamlFile): JsonObject {
  const text = readText(join(root, 'vars.yml'))
  if (text === undefined) return {}
  const data = readYaml(text, 'vars.yml')
  const vars = isYamlMapping(data) ? (data['vars'] ?? {}) : {}
  const file = yamlFile(join(root, 'vars.yml'), 'vars.yml', text, isYamlMapping(data) ? data : {})
  if (!isYamlMapping(vars)) {
    fail('project', 'vars-file', "'vars' in vars.yml is not a mapping", { at: file.positions().nearest(['vars']) })
  }
  const own = project.data['vars']
  if (Object.keys(vars).length > 0 && isYamlMapping(own) && Object.keys(own).length > 0) {
    fail('project', 'vars-in-both', `Variables cannot be defined in both vars.yml and ${PROJECT_FILE}. `, {
      at: project.positions().keyAt(['vars']),
      hint: `move those of ${PROJECT_FILE} to vars.yml`,
    })
  }
  return vars as JsonObject
}

async function chooseProfile(
  file: YamlFile,
  scope: Scope,
  invocation: Invocation,
  options: LoadProjectOptions,
): Promise<Profile> {
  const { env } = invocation
  const raw = file.data['profile'] ?? null
  const profileName = options.profileName ?? (env['DBT_PROFILE'] || null)
  return loadProfile({
    projectProfile:
      raw === null ? null : String(typeof raw === 'string' ? await renderText(raw, scope, file.name) : raw),
    profileName,
    targetName: options.targetName ?? (env['DBT_TARGET'] || null),
    threads: options.threads,
    profilesDir: resolveProfilesDir(invocation, options.projectDir, options.profilesDir),
    projectDir: options.projectDir,
    scope,
    env,
    emit: invocation.emit,
  })
}

const SECRET_KEYS = /pass|token|secret|key$|keyfile|private/i

async function targetOf(profile: Profile, options: LoadProjectOptions): Promise<JsonObject> {
  const shown =
    options.describeTarget === undefined
      ? Object.fromEntries(Object.entries(profile.output).filter(([key]) => !SECRET_KEYS.test(key)))
      : await options.describeTarget(profile)
  return {
    ...(shown as JsonObject),
    type: String(profile.output['type']),
    threads: profile.threads,
    name: profile.targetName,
    target_name: profile.targetName,
    profile_name: profile.profileName,
  }
}

/** `target` of commands without a profile: every key of it is the empty text, as in dbt. */
const EMPTY_TARGET: unknown = {
  [py.getattr]: (): Value => '',
  [py.getitem]: (): Value => '',
  [py.str]: () => '{}',
}

async function addPackages(
  packages: Map<string, Package>,
  root: Package,
  packagesFile: PackagesFile,
  profile: Profile | null,
  scope: Scope,
  deprecations: Deprecations,
  options: LoadProjectOptions,
  bag: DiagnosticBag,
): Promise<void> {
  const installed = installedFolders(root)
  const missing = packagesFile.specs.length > installed.length
  if (missing) {
    bag.add(
      diagnostic(
        'compilation',
        'packages-not-installed',
        `dbt found ${packagesFile.specs.length} package(s) specified in ${packagesFile.name}, but only ${installed.length} ` +
          `package(s) installed in ${root.config.packagesInstallPath}. Run "dbt deps" to install package dependencies.`,
        { hint: 'run `plumb deps`' },
      ),
    )
  }
  const builtin = profile === null ? [] : options.builtinMacros(String(profile.output['type']))
  const places = [
    ...builtin.map((each) => ({ folder: each.root, kind: 'builtin' as const })),
    ...(missing ? [] : installed.map((folder) => ({ folder, kind: 'installed' as const }))),
  ]
  for (const { folder, kind } of places) {
    const config = await attempt(bag, () => loadPackageConfig(folder, kind, root, scope, deprecations, options))
    if (config === undefined) continue
    if (packages.has(config.name)) {
      bag.add(
        diagnostic(
          'compilation',
          'package-name-taken',
          `dbt found more than one package with the name "${config.name}" included in this project. ` +
            'Package names must be unique in a project. Please rename one of these packages.',
          { hint: `one of them is in ${folder}` },
        ),
      )
      continue
    }
    packages.set(config.name, { name: config.name, root: folder, kind, config })
  }
}

/** Folders in the install path, by name. */
function installedFolders(root: Package): string[] {
  const installPath = resolve(root.root, root.config.packagesInstallPath)
  let names: string[]
  try {
    names = readdirSync(installPath).sort()
  } catch {
    return []
  }
  return names
    .filter((name) => !name.startsWith('__') && name !== LOCK_FILE)
    .map((name) => join(installPath, name))
    .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true)
}

async function loadPackageConfig(
  folder: string,
  kind: 'builtin' | 'installed',
  root: Package,
  scope: Scope,
  deprecations: Deprecations,
  options: LoadProjectOptions,
): Promise<ProjectConfig> {
  const inside = relative(root.root, folder)
  const name = join(inside.startsWith('..') || isAbsolute(inside) ? folder : inside, PROJECT_FILE)
  try {
    const config = await buildProjectConfig(readProjectFile(folder, name), {
      scope,
      deprecations,
      checkVersion: options.versionCheck !== false && kind === 'installed',
      targetPath: options.targetPath ?? undefined,
      logPath: options.logPath ?? undefined,
    })
    // The root's quoting holds for all relations.
    return { ...config, quoting: root.config.quoting }
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    throw new PlumbError(
      error.diagnostics.map((d) =>
        d.kind === 'project' ? { ...d, message: `Failed to read package: ${d.message}` } : d,
      ),
      error,
    )
  }
}
