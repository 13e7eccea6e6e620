import { sha256 } from '../../core/checksum.js'
import { exactJson } from '../../core/exact-json.js'
import { PLUMB_VERSION } from '../../core/invocation.js'
import { DEFAULT_ENV_PLACEHOLDER, type Package, type Project } from '../../project/index.js'
import type { ParseOptions } from '../parse-project.js'
import type { PackageSources } from '../source-files.js'

/** Grows when what is kept changes its meaning. */
const FORMAT = 5

/**
 * Everything besides the files that a parse depends on: the tool, configuration of all packages, profile, variables,
 * flags. A hash, so that no secret of the profile is kept.
 */
export function settingsKey({ project, flags, plugin }: ParseOptions): string {
  const packages = [...project.packages.values()].map((pkg) => ({ ...configOf(pkg), root: pkg.root, kind: pkg.kind }))
  return sha256(
    exactJson([
      FORMAT,
      PLUMB_VERSION,
      plugin.type,
      packages,
      knownToTemplates({ project, plugin }),
      project.cliVars,
      project.selectors,
      flags.behavior,
      flags.storeFailures,
      flags.warnError,
      flags.warnErrorOptions,
      flags.showAllDeprecations,
      flags.fullRefresh,
    ]),
  )
}

/** A package's configuration; where its log goes changes nothing. */
function configOf({ name, config }: Package): { readonly name: string; readonly config: object } {
  return { name, config: { ...config, logPath: undefined } }
}

/** The profile without its secrets: templates cannot see them, and passwords may change every few minutes. */
function knownToTemplates({ project: { profile }, plugin }: Pick<ParseOptions, 'project' | 'plugin'>): unknown {
  if (profile === null) return null
  const secrets = new Set(
    plugin.fields.flatMap(({ name, secret, aliases }) => (secret === true ? [name, ...(aliases ?? [])] : [])),
  )
  const output = Object.entries(profile.output).filter(([name]) => !secrets.has(name))
  return { ...profile, output: Object.fromEntries(output) }
}

/** What dbt tells apart when it cannot use its last parse, hashed one by one. */
export interface CacheReasons {
  readonly version: string
  readonly vars: string
  readonly profile: string
  readonly packages: string
}

/** The parts of the settings for which a reason can be given. */
export function reasonsOf({ project, plugin }: ParseOptions): CacheReasons {
  const packages = [...project.packages.values()].map(configOf)
  const { profile } = project
  return {
    version: PLUMB_VERSION,
    vars: sha256(exactJson([project.cliVars, profile?.profileName, profile?.targetName])),
    profile: sha256(exactJson(knownToTemplates({ project, plugin }))),
    packages: sha256(exactJson(packages)),
  }
}

/** Why the last parse is of no use, in dbt's words; none when it is only that files changed. */
export function changedReasons(before: CacheReasons, now: CacheReasons): string[] {
  if (before.version !== now.version) return ['of a version mismatch']
  const reasons: string[] = []
  if (before.vars !== now.vars) reasons.push('config vars, config profile, or config target have changed')
  if (before.profile !== now.profile) reasons.push('profile has changed')
  if (before.packages !== now.packages) reasons.push('a project config has changed')
  return reasons
}

/** A file as it was: path, size, time of the last change. */
export type FileStamp = readonly [path: string, size: number, mtimeMs: number]

/** The state of every file that is read, in the order in which they are read. */
export function stampsOf(sources: readonly PackageSources[]): FileStamp[] {
  const stamps: FileStamp[] = []
  for (const { pkg: _, ...kinds } of sources) {
    for (const files of Object.values(kinds)) {
      for (const file of files) stamps.push([file.absolutePath, file.size, file.mtimeMs])
    }
  }
  return stamps
}

/** Environment variables that were read, by name; values are hashed. */
export function environmentOf({ envVarsUsed }: Project): Record<string, string> {
  return Object.fromEntries([...envVarsUsed].map(([name, value]) => [name, sha256(value)]))
}

/** Whether those variables still have the values they had. */
export function sameEnvironment(
  before: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return Object.entries(before).every(([name, hash]) => sha256(env[name] ?? DEFAULT_ENV_PLACEHOLDER) === hash)
}
