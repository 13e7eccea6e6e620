import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve, sep } from 'node:path'
import { fail } from '../../core/diagnostic.js'
import type { Invocation } from '../../core/invocation.js'
import type { JsonObject } from '../../manifest/index.js'
import { Deprecations } from '../deprecations.js'
import { loadProject } from '../load-project.js'
import { LOCK_FILE, type PackagesFile, readLockFile, readPackagesFile } from '../packages-file.js'
import { createYamlScope } from '../render/yaml-scope.js'
import type { Project } from '../types.js'
import { addPackage, type PackageSource } from './add-package.js'
import { type DepsContext, tell } from './deps-context.js'
import { createHubClient } from './hub-client.js'
import { packagesHash, writeLockFile } from './lock-file.js'
import type { PinnedPackage } from './package-kind.js'
import { pinLocked, resolvePackages } from './resolve.js'
import { replaceFolder } from './staging.js'

export interface InstallDepsOptions {
  /** Absolute. */
  readonly projectDir: string
  readonly cliVars: JsonObject
  /** Only write package-lock.yml (`--lock`). */
  readonly lockOnly?: boolean
  /** Look for newer versions even where the lock still fits (`--upgrade`). */
  readonly upgrade?: boolean
  /** Put a package into packages.yml first (`--add-package name@version`). */
  readonly addPackage?: string | null
  readonly source?: PackageSource
  /** False: versions that do not accept this dbt version are taken too. Default true. */
  readonly versionCheck?: boolean
}

/**
 * `deps`: settles versions, writes package-lock.yml when packages.yml changed, and installs what the lock says. The
 * install folder is built aside and swapped in, so a failure leaves the old one.
 * @throws PlumbError kind `dependency` or `project`
 */
export async function installDeps(invocation: Invocation, options: InstallDepsOptions): Promise<void> {
  const project = await loadProject(invocation, {
    projectDir: options.projectDir,
    cliVars: options.cliVars,
    needProfile: false,
    needPackages: false,
    lenientVars: true,
    versionCheck: options.versionCheck ?? true,
    builtinMacros: () => [],
  })
  const downloadsDir = invocation.env['DBT_DOWNLOADS_DIR'] || mkdtempSync(join(tmpdir(), 'dbt-downloads-'))
  mkdirSync(downloadsDir, { recursive: true })
  try {
    await run(project, createContext(invocation, options, downloadsDir), options)
  } finally {
    if (!invocation.env['DBT_DOWNLOADS_DIR']) rmSync(downloadsDir, { recursive: true, force: true })
  }
}

function createContext(invocation: Invocation, options: InstallDepsOptions, downloadsDir: string): DepsContext {
  const deprecations = new Deprecations(invocation.emit)
  return {
    invocation,
    env: invocation.env,
    projectDir: options.projectDir,
    downloadsDir,
    scope: createYamlScope({
      invocation,
      vars: options.cliVars,
      renderVars: true,
      envVars: { secrets: true },
    }),
    hub: createHubClient(invocation, deprecations),
    deprecations,
    versionCheck: options.versionCheck ?? true,
    checkouts: new Map(),
  }
}

async function run(project: Project, context: DepsContext, options: InstallDepsOptions): Promise<void> {
  const { projectDir } = context
  if (options.addPackage !== null && options.addPackage !== undefined) {
    const { name } = await readPackagesFile(projectDir, context)
    await addPackage(options.addPackage, options.source ?? 'hub', name, context)
  }
  const wanted = await readPackagesFile(projectDir, context)
  const hash = packagesHash(wanted.specs)
  const lock = await readLockFile(projectDir, context)
  if (options.upgrade === true || lock?.hash !== hash) await writeLock(project, wanted, hash, context)
  if (options.lockOnly === true) return
  const locked = await readLockFile(projectDir, context)
  const packages = await pinLocked(locked?.specs ?? [], context)
  await install(packages, project, context)
}

function noPackages(context: DepsContext): void {
  tell(context, 'info', 'DepsNoPackagesFound', 'M013', 'Warning: No packages were found in packages.yml')
}

async function writeLock(project: Project, wanted: PackagesFile, hash: string, context: DepsContext): Promise<void> {
  const path = join(context.projectDir, LOCK_FILE)
  if (wanted.specs.length === 0) {
    // What an older packages.yml asked for must not be installed again.
    rmSync(path, { force: true })
    return
  }
  const packages = await resolvePackages(wanted.specs, project.root.name, context)
  const entries: JsonObject[] = []
  for (const each of packages) {
    const { projectName } = await each.metadata()
    entries.push({ ...each.lockEntry(), name: projectName })
  }
  writeLockFile(path, entries, hash)
  tell(context, 'info', 'DepsLockUpdating', 'M031', `Updating lock file in file path: ${path}`, { lock_filepath: path })
}

async function install(packages: readonly PinnedPackage[], project: Project, context: DepsContext): Promise<void> {
  const folder = resolve(context.projectDir, project.root.config.packagesInstallPath)
  if (packages.length === 0) noPackages(context)
  const outdated: string[] = []
  await replaceFolder(folder, async (staging) => {
    for (const each of packages) if (await installOne(each, staging, context)) outdated.push(each.name)
  })
  if (outdated.length > 0) tellUpdates(outdated, context)
}

/** Installs one package; true when a newer version of it could be had. */
async function installOne(each: PinnedPackage, staging: string, context: DepsContext): Promise<boolean> {
  const { name, latest, version } = each
  tell(context, 'info', 'DepsStartPackageInstall', 'M014', `Installing ${name}`, { package_name: name })
  const { projectName } = await each.metadata()
  const target = resolve(staging, projectName)
  if (dirname(target) !== staging || !target.startsWith(staging + sep)) {
    fail(
      'dependency',
      'package-name-invalid',
      `Invalid package name '${projectName}': resolves outside of the packages-install-path`,
    )
  }
  if (existsSync(target)) {
    fail('dependency', 'package-name-taken', `Found duplicate project "${projectName}" in ${LOCK_FILE}`, {
      hint: 'run `plumb deps --upgrade`',
    })
  }
  await each.install(target)
  const installed = `Installed from ${each.versionName}`
  tell(context, 'info', 'DepsInstallInfo', 'M015', installed, { version_name: each.versionName })
  if (latest !== undefined && latest !== version) {
    tell(context, 'info', 'DepsUpdateAvailable', 'M016', `Updated version available: ${latest}`, {
      version_latest: latest,
    })
  } else if (latest !== undefined) {
    tell(context, 'info', 'DepsUpToDate', 'M017', 'Up to date!')
  }
  const { subdirectory } = each
  if (typeof subdirectory === 'string') {
    tell(context, 'info', 'DepsListSubdirectory', 'M018', `and subdirectory ${subdirectory}`, { subdirectory })
  }
  return latest !== undefined && latest !== version
}

function tellUpdates(packages: readonly string[], context: DepsContext): void {
  const list = `[${packages.map((name) => `'${name}'`).join(', ')}]`
  const msg = `Updates available for packages: ${list}\nUpdate your versions in packages.yml, then run dbt deps`
  tell(context, 'info', 'DepsNotifyUpdatesAvailable', 'M019', msg, { packages })
}
