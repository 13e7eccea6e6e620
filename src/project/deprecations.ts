import type { EventSink } from '../core/event.js'
import { positionAt } from '../core/source-span.js'
import type { DuplicateKey } from './yaml/construct.js'

/** Sends dbt's deprecation warnings, each kind once. */
export class Deprecations {
  readonly #sent = new Set<string>()

  constructor(readonly emit: EventSink) {}

  /** A key of dbt_project.yml under its old name. */
  renamedKey(old: string, now: string): void {
    const name = old === 'source-paths' ? 'ConfigSourcePathDeprecation' : 'ConfigDataPathDeprecation'
    this.#once(name, old === 'source-paths' ? 'D003' : 'D004', { deprecated_path: old, exp_path: now }, () => {
      return `The \`${old}\` config has been renamed to \`${now}\`. Please update your \`dbt_project.yml\` configuration to reflect this change.`
    })
  }

  /** `log-path` or `target-path` in dbt_project.yml with a value of its own. */
  pathKey(key: 'log-path' | 'target-path'): void {
    const [name, code, output, flag, variable] =
      key === 'log-path'
        ? ['ConfigLogPathDeprecation', 'D010', 'logs', '--log-path', 'DBT_LOG_PATH']
        : ['ConfigTargetPathDeprecation', 'D011', 'artifacts', '--target-path', 'DBT_TARGET_PATH']
    this.#once(name!, code!, { deprecated_path: key }, () => {
      return (
        `The \`${key}\` config in \`dbt_project.yml\` has been deprecated and will no longer be supported in a future ` +
        `version of dbt-core. If you wish to write dbt ${output} to a custom directory, please use the ${flag} CLI flag ` +
        `or ${variable} env var instead.`
      )
    })
  }

  /** `config:` in profiles.yml instead of `flags:` in dbt_project.yml. */
  flagsInProfiles(): void {
    this.#once('ProjectFlagsMovedDeprecation', 'D013', {}, () => {
      return "User config should be moved from the 'config' key in profiles.yml to the 'flags' key in dbt_project.yml."
    })
  }

  /** A variable of the environment under its old name. */
  renamedVariable(old: string, now: string): void {
    this.emit({
      name: 'EnvironmentVariableRenamed',
      code: 'D009',
      level: 'warn',
      msg:
        `Deprecated functionality\n\nThe environment variable \`${old}\` has been renamed as \`${now}\`.\n` +
        `If \`${old}\` is currently set, its value will be used instead of \`${now}\`.\n` +
        `Set \`${now}\` and unset \`${old}\` to avoid this deprecation warning and ensure it works properly in a ` +
        'future release.',
      data: { old_name: old, new_name: now },
    })
  }

  /** A variable of the user's own under the prefix that dbt keeps for itself. */
  reservedVariable(variable: string, prefix: string): void {
    this.#once(
      'EnvironmentVariableNamespaceDeprecation',
      'D036',
      { env_var: variable, reserved_prefix: prefix },
      () => {
        return (
          `Found custom environment variable \`${variable}\` in the environment. The prefix \`${prefix}\` is reserved ` +
          `for dbt engine environment variables. Custom environment variables with the prefix \`${prefix}\` may cause ` +
          'collisions and runtime errors.'
        )
      },
    )
  }

  /** `include` and `exclude` of warn_error_options, which are called `error` and `warn` now. */
  warnErrorNames(include: boolean, exclude: boolean): void {
    if (!include && !exclude) return
    const found = [...(include ? ['`include`'] : []), ...(exclude ? ['`exclude`'] : [])].join(' and ')
    const advice = [
      ...(include ? [' Please use `error` instead of `include`.'] : []),
      ...(exclude ? [' Please use `warn` instead of `exclude`.'] : []),
    ].join('')
    this.#once('WEOIncludeExcludeDeprecation', 'D031', { found_include: include, found_exclude: exclude }, () => {
      return `Found ${found} in \`warn_error_options\` specification.${advice}`
    })
  }

  /** `--models` and `-m` instead of `--select`. */
  modelsOption(): void {
    this.#once('ModelParamUsageDeprecation', 'D032', {}, () => {
      return 'Usage of `--models`, `--model`, and `-m` is deprecated in favor of `--select` or `-s`.'
    })
  }

  /** A key that stands twice in one mapping of a YAML file. Every one is told. */
  duplicateKey(duplicate: DuplicateKey, text: string, file: string): void {
    const { line, column } = positionAt(text, duplicate.offset)
    const description = `Duplicate key '${duplicate.key}' in "<unicode string>", line ${line}, column ${column}`
    this.emit({
      name: 'DuplicateYAMLKeysDeprecation',
      code: 'D024',
      level: 'warn',
      msg: `Deprecated functionality\n\n${description} in file \`${file}\``,
      data: { duplicate_description: description, file },
    })
  }

  /** A hub package that moved to another name. */
  packageRedirect(old: string, now: string): void {
    this.emit({
      name: 'PackageRedirectDeprecation',
      code: 'D001',
      level: 'warn',
      msg: `Deprecated functionality\n\nThe \`${old}\` package is deprecated in favor of \`${now}\`. Please update your \`packages.yml\` configuration to use \`${now}\` instead.`,
      data: { old_name: old, new_name: now },
    })
  }

  #once(name: string, code: string, data: Readonly<Record<string, unknown>>, text: () => string): void {
    if (this.#sent.has(name)) return
    this.#sent.add(name)
    this.emit({ name, code, level: 'warn', msg: `Deprecated functionality\n\n${text()}`, data })
  }
}
