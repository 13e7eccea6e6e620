import { join, relative } from 'node:path'
import { diagnostic, fail, PlumbError } from '../core/diagnostic.js'
import { didYouMean } from '../core/did-you-mean.js'
import type { EventSink } from '../core/event.js'
import type { SourceSpan } from '../core/source-span.js'
import { PyFloat, type Scope, toRepr, toStr, type Value } from '../jinja/index.js'
import { readText, type YamlFile, yamlFile } from './config/project-file.js'
import { type Environment, revealSecrets } from './env-vars.js'
import { renderText, renderYaml } from './render/render-yaml.js'
import type { Profile } from './types.js'
import type { YamlMapping, YamlValue } from './yaml/construct.js'
import { isYamlMapping } from './yaml/plain-json.js'
import type { YamlPath } from './yaml/positions.js'
import { readYaml } from './yaml/read-yaml.js'

const CANNOT_READ = 'dbt encountered an error while trying to read your profiles.yml file.'

/** profiles.yml of a folder as read, or undefined when there is none. */
export function readProfilesFile(profilesDir: string, projectDir: string): YamlFile | undefined {
  const path = join(profilesDir, 'profiles.yml')
  const text = readText(path)
  if (text === undefined) return undefined
  const inside = relative(projectDir, path)
  const name = inside.startsWith('..') ? path : inside
  let data: YamlValue
  try {
    data = readYaml(text, name)
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    throw new PlumbError(
      error.diagnostics.map((d) => ({ ...d, kind: 'profile' as const, message: `${CANNOT_READ}\n\n${d.message}` })),
      error,
    )
  }
  const blank = data === null || data === '' || (isYamlMapping(data) && Object.keys(data).length === 0)
  if (blank) fail('profile', 'profiles-empty', `${CANNOT_READ}\n\nThe profiles.yml file at ${path} is empty`)
  if (!isYamlMapping(data)) {
    fail(
      'profile',
      'profiles-not-mapping',
      `${CANNOT_READ}\n\nThe profiles.yml file at ${path} is not a mapping of profiles`,
    )
  }
  return yamlFile(path, name, text, data)
}

export interface ProfileOptions {
  /** `profile:` of dbt_project.yml, rendered. */
  readonly projectProfile: string | null
  /** `--profile`, `--target`, `--threads`. */
  readonly profileName?: string | null | undefined
  readonly targetName?: string | null | undefined
  readonly threads?: number | null | undefined
  readonly profilesDir: string
  readonly projectDir: string
  /** Scope in which secrets are placeholders. */
  readonly scope: Scope
  readonly env: Environment
  readonly emit: EventSink
}

/**
 * Reads the chosen target of profiles.yml. Only that one is rendered: what others need may be missing.
 * @throws PlumbError kind `profile` or `project`, with dbt's words.
 */
export async function loadProfile(options: ProfileOptions): Promise<Profile> {
  const file = readProfilesFile(options.profilesDir, options.projectDir)
  const profileName = options.profileName ?? options.projectProfile
  if (profileName === null || profileName === undefined) noProfileNamed(options)
  const raw = file?.data[profileName]
  if (file === undefined || raw === undefined) return noSuchProfile(profileName, file, options)
  if (!isYamlMapping(raw) || Object.keys(raw).length === 0) {
    fail('profile', 'profile-empty', `${CANNOT_READ}\n\nProfile ${profileName} in profiles.yml is empty`, {
      ...place(file, [profileName]),
    })
  }
  const targetName = await chooseTarget(raw, profileName, file, options)
  const output = await renderOutput(raw, profileName, targetName, file, options)
  return {
    profileName,
    targetName,
    file: file.path,
    ...readThreads(output, options, file, [profileName, 'outputs', targetName]),
  }
}

function noProfileNamed(options: ProfileOptions): never {
  fail(
    'project',
    'profile-not-named',
    'dbt cannot run because no profile was specified for this dbt project.\n' +
      'To specify a profile for this project, add a line like the this to\nyour dbt_project.yml file:\n\n' +
      'profile: [profile name]\n\nHere, [profile name] should be replaced with a profile name\n' +
      `defined in your profiles.yml file. You can find profiles.yml here:\n\n${options.profilesDir}/profiles.yml`,
  )
}

function noSuchProfile(name: string, file: YamlFile | undefined, options: ProfileOptions): never {
  const known = file === undefined ? [] : Object.keys(file.data).filter((key) => key !== 'config')
  const hint =
    file === undefined
      ? `there is no profiles.yml in ${options.profilesDir}; give its folder with --profiles-dir, or make one with \`plumb init\``
      : (didYouMean(name, known) ?? `${file.path} has: ${known.join(', ')}`)
  fail('project', 'profile-not-found', `Could not find profile named '${name}'`, { hint })
}

function place(file: YamlFile, path: YamlPath): { at: SourceSpan; sourceText: string } {
  return { at: file.positions().nearest(path), sourceText: file.text }
}

async function chooseTarget(
  raw: YamlMapping,
  profileName: string,
  file: YamlFile,
  options: ProfileOptions,
): Promise<string> {
  if (options.targetName !== null && options.targetName !== undefined) return options.targetName
  const given = raw['target']
  if (given === undefined) {
    options.emit({
      name: 'MissingProfileTarget',
      code: 'A005',
      level: 'info',
      msg: `target not specified in profile '${profileName}', using 'default'`,
      data: { profile_name: profileName, target_name: 'default' },
    })
    return 'default'
  }
  const rendered = typeof given === 'string' ? await renderText(given, options.scope, file.name) : given
  return toStr(rendered as Value)
}

async function renderOutput(
  raw: YamlMapping,
  profileName: string,
  targetName: string,
  file: YamlFile,
  options: ProfileOptions,
): Promise<YamlMapping> {
  const outputs = raw['outputs']
  if (outputs === undefined) {
    fail(
      'profile',
      'profile-outputs-missing',
      `outputs not specified in profile '${profileName}'`,
      place(file, [profileName]),
    )
  }
  const output = isYamlMapping(outputs) ? outputs[targetName] : undefined
  if (output === undefined) {
    const names = isYamlMapping(outputs) ? Object.keys(outputs) : []
    const near = didYouMean(targetName, names)
    fail(
      'profile',
      'target-not-found',
      `The profile '${profileName}' does not have a target named '${targetName}'. The valid target names for this profile are:\n` +
        names.map((name) => ` - ${name}`).join('\n'),
      { ...place(file, [profileName, 'outputs']), ...(near === undefined ? {} : { hint: near }) },
    )
  }
  const path = [profileName, 'outputs', targetName]
  if (!isYamlMapping(output)) {
    fail(
      'profile',
      'target-misconfigured',
      `output '${targetName}' of profile '${profileName}' is misconfigured in profiles.yml`,
      place(file, path),
    )
  }
  return renderYaml(output, {
    scope: options.scope,
    file: file.name,
    base: path,
    positions: file.positions,
    finish: (value) => (typeof value === 'string' ? revealSecrets(value, options.env) : value),
    // A password may look like Jinja and be none.
    recover: (text, at) => (at.includes('password') ? text : undefined),
  })
}

function readThreads(
  output: YamlMapping,
  options: ProfileOptions,
  file: YamlFile,
  path: YamlPath,
): Pick<Profile, 'output' | 'threads'> {
  const { threads: given = 1, ...rest } = output
  const threads = options.threads ?? given
  if (!('type' in rest)) {
    fail(
      'profile',
      'profile-type-missing',
      `required field "type" not found in profile ${path[0]} and target ${path[2]}`,
      { ...place(file, path), hint: 'say which warehouse it is, such as `type: duckdb`' },
    )
  }
  const count = threads instanceof PyFloat && Number.isInteger(threads.value) ? threads.value : threads
  if (typeof count !== 'number' || !Number.isInteger(count)) {
    throw new PlumbError(
      diagnostic(
        'profile',
        'profile-threads',
        `at path ['threads']: ${toRepr(threads as Value)} is not of type 'integer'`,
        {
          ...place(file, [...path, 'threads']),
          ...(typeof threads === 'string' ? { hint: 'an env_var is text: write {{ env_var(...) | int }}' } : {}),
        },
      ),
    )
  }
  return { output: { ...rest, threads: count }, threads: count }
}
