import { join } from 'node:path'
import { fail, PlumbError } from '../../core/diagnostic.js'
import type { JsonObject } from '../../manifest/index.js'
import type { Deprecations } from '../deprecations.js'
import { readProfilesFile } from '../profile.js'
import { isYamlMapping, plainJson } from '../yaml/plain-json.js'
import { readYaml } from '../yaml/read-yaml.js'
import { PROJECT_FILE, readText } from './project-file.js'

/**
 * `flags:` of dbt_project.yml, or the deprecated `config:` of profiles.yml, as written (flags are known before
 * anything can be rendered). A file that cannot be read has none: its error is reported when the project is loaded.
 * @throws PlumbError when both are given, or options of `warn_error_options` exclude each other.
 */
export function readProjectFlags(projectDir: string, profilesDir: string, deprecations: Deprecations): JsonObject {
  const own = lenient(() => {
    const text = readText(join(projectDir, PROJECT_FILE))
    const data = text === undefined ? null : readYaml(text, PROJECT_FILE)
    return isYamlMapping(data) ? data['flags'] : undefined
  })
  const old = lenient(() => readProfilesFile(profilesDir, projectDir)?.data['config'])
  const flags = isYamlMapping(own) ? (plainJson(own) as JsonObject) : {}
  const config = isYamlMapping(old) ? (plainJson(old) as JsonObject) : {}
  if (Object.keys(config).length === 0) return withPlainNames(flags, deprecations)
  if (Object.keys(flags).length > 0) {
    fail(
      'project',
      'flags-in-both',
      `Do not specify both 'config' in profiles.yml and 'flags' in ${PROJECT_FILE}. Using 'config' in profiles.yml is deprecated.`,
      { hint: `move those of profiles.yml to ${PROJECT_FILE}` },
    )
  }
  deprecations.flagsInProfiles()
  return withPlainNames(config, deprecations)
}

function lenient<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof PlumbError) return undefined
    throw error
  }
}

/** `warn_error_options` with `error` and `warn`, whichever spelling was used. */
function withPlainNames(flags: JsonObject, deprecations: Deprecations): JsonObject {
  const options = flags['warn_error_options']
  if (!isYamlMapping(options)) return flags
  const { include, exclude, ...rest } = options as JsonObject
  deprecations.warnErrorNames(include !== undefined, exclude !== undefined)
  const set = (value: unknown): boolean =>
    value !== undefined && value !== null && (!Array.isArray(value) || value.length > 0)
  for (const [old, now, value] of [
    ['include', 'error', include],
    ['exclude', 'warn', exclude],
  ] as const) {
    if (set(value) && set(rest[now])) {
      fail(
        'project',
        'flags-exclusive',
        `Only \`${old}\` or \`${now}\` can be specified in \`warn_error_options\`, not both`,
      )
    }
    if (value !== undefined) rest[now] = value
  }
  for (const key of ['error', 'warn', 'silence']) if (rest[key] === null) rest[key] = []
  return { ...flags, warn_error_options: rest }
}
