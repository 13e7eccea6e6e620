import { fail } from '../core/diagnostic.js'
import { BEHAVIOR_DEFAULTS, createFlags, type Flags, type WarnErrorOptions } from '../core/flags.js'
import type { JsonObject } from '../manifest/index.js'
import type { Command } from './command.js'
import { ARGUMENT_NAMES, argsOf, type Occasion } from './invocation-args.js'
import { GLOBAL_OPTIONS, OPTIONS, type OptionName, type OptionSpec } from './options.js'
import { checkChoice, type OptionValue, toInteger } from './parse-argv.js'

/** Option values after the environment and the project's `flags:` filled in what the command line left open. */
export interface ResolvedOptions {
  get(name: OptionName): unknown
  text(name: OptionName): string | null
  is(name: OptionName, otherwise: boolean): boolean
  number(name: OptionName): number | null
  list(name: OptionName): readonly string[]
}

const TRUE = new Set(['1', 'true', 't', 'yes', 'y', 'on'])
const FALSE = new Set(['0', 'false', 'f', 'no', 'n', 'off'])

/** Value of an option in the environment: `DBT_ENGINE_X` is stronger than `DBT_X`. */
function fromEnvironment(spec: OptionSpec, env: Readonly<Record<string, string | undefined>>): OptionValue | undefined {
  if (spec.env === undefined) return undefined
  const name =
    env[spec.env.replace('DBT_', 'DBT_ENGINE_')] !== undefined ? spec.env.replace('DBT_', 'DBT_ENGINE_') : spec.env
  const text = env[name]
  if (text === undefined || text === '') return undefined
  switch (spec.kind) {
    case 'flag':
      if (TRUE.has(text.trim().toLowerCase())) return true
      if (FALSE.has(text.trim().toLowerCase())) return false
      return fail(
        'usage',
        'bad-option-value',
        `Invalid value for '${spec.flags[0]}': '${text}' is not a valid boolean.`,
        {
          hint: `it comes from the environment variable ${name}`,
        },
      )
    case 'integer':
      return toInteger(spec, text)
    case 'seconds':
      return TRUE.has(text.trim().toLowerCase()) && text !== '1' ? true : toInteger(spec, text)
    case 'list':
    case 'choices': {
      const values = text.split(/\s+/).filter((v) => v !== '')
      for (const v of values) checkChoice(spec, v)
      return values
    }
    case 'choice':
      checkChoice(spec, text)
      return text
    default:
      return text
  }
}

export interface FlagSources {
  readonly command: Command
  readonly commandLine: ReadonlyMap<OptionName, OptionValue>
  readonly env: Readonly<Record<string, string | undefined>>
  /** `flags:` of dbt_project.yml. */
  readonly projectFlags: JsonObject
  readonly isTty: boolean
  /** Parses `--vars`-like YAML. */
  readonly readYaml: (text: string, what: string) => unknown
}

/** Merges the sources, strongest first: command line, environment, project flags. */
export function resolveOptions(sources: FlagSources): ResolvedOptions {
  const values = new Map<OptionName, unknown>()
  for (const name of new Set<OptionName>([...GLOBAL_OPTIONS, ...sources.command.options])) {
    const spec: OptionSpec = OPTIONS[name]
    const project = spec.global || name in PROJECT_FLAG_NAMES ? sources.projectFlags[name] : undefined
    const value = sources.commandLine.get(name) ?? fromEnvironment(spec, sources.env) ?? project
    if (value === undefined || value === null) continue
    values.set(
      name,
      spec.kind === 'yaml' && typeof value === 'string' ? sources.readYaml(value, spec.flags[0]!) : value,
    )
  }
  return reader((name) => values.get(name))
}

/** Options as an earlier command's `args` (run_results.json) have them. */
export function optionsOf(args: Readonly<Record<string, unknown>>): ResolvedOptions {
  return reader((name) => {
    const value = args[ARGUMENT_NAMES[name] ?? name]
    return value === null ? undefined : value
  })
}

function reader(get: (name: OptionName) => unknown): ResolvedOptions {
  return {
    get,
    text: (name) => (get(name) === undefined ? null : String(get(name))),
    is: (name, otherwise) => (get(name) === undefined ? otherwise : get(name) === true),
    number: (name) => (get(name) === undefined ? null : Number(get(name))),
    list: (name) => (get(name) as readonly string[] | undefined) ?? [],
  }
}

const PROJECT_FLAG_NAMES: Readonly<Partial<Record<OptionName, true>>> = {
  store_failures: true,
  full_refresh: true,
  introspect: true,
  run_lock: true,
}

/** Turns resolved options into the flags that the whole tool reads. */
export function buildFlags(options: ResolvedOptions, sources: FlagSources, occasion: Occasion): Flags {
  const which = sources.command.which ?? sources.command.name
  const behavior: Record<string, boolean> = { ...BEHAVIOR_DEFAULTS }
  for (const [name, value] of Object.entries(sources.projectFlags))
    if (name in behavior) behavior[name] = value === true
  const warnErrorOptions = readWarnErrorOptions(options.get('warn_error_options'))
  if (
    options.is('warn_error', false) &&
    options.get('warn_error_options') !== undefined &&
    sources.commandLine.has('warn_error') &&
    sources.commandLine.has('warn_error_options')
  ) {
    fail(
      'usage',
      'bad-usage',
      '--warn-error and --warn-error-options are mutually exclusive; only one option can be set.',
    )
  }
  const noColor = (sources.env['NO_COLOR'] ?? '') !== ''
  const useColors =
    options.get('use_colors') === undefined ? sources.isTty && !noColor : options.is('use_colors', false)
  const args = argsOf(options, sources.command, occasion, { ...behavior, warn_error_options: warnErrorOptions })
  return createFlags({
    which,
    fullRefresh: options.is('full_refresh', false),
    empty: options.is('empty', false),
    sample: options.text('sample'),
    storeFailures: options.is('store_failures', false),
    failFast: options.is('fail_fast', false),
    warnError: options.is('warn_error', false),
    warnErrorOptions,
    defer: options.is('defer', false),
    deferState: options.text('defer_state'),
    favorState: options.is('favor_state', false),
    state: options.text('state'),
    indirectSelection: (options.text('indirect_selection') ?? 'eager') as Flags['indirectSelection'],
    partialParse: options.is('partial_parse', true),
    introspect: options.is('introspect', true),
    populateCache: options.is('populate_cache', true),
    cacheSelectedOnly: options.is('cache_selected_only', false),
    writeJson: options.is('write_json', true),
    printer: options.is('print', true),
    quiet: options.is('quiet', false),
    useColors,
    logFormat: (options.text('log_format') ?? 'default') as Flags['logFormat'],
    logLevel: (options.text('log_level') ?? 'info') as Flags['logLevel'],
    logFormatFile: (options.text('log_format_file') ?? options.text('log_format') ?? 'debug') as Flags['logFormatFile'],
    logLevelFile: (options.text('log_level_file') ?? options.text('log_level') ?? 'debug') as Flags['logLevelFile'],
    logPath: options.text('log_path'),
    debug: options.is('debug', false),
    printerWidth: options.number('printer_width') ?? 80,
    singleThreaded: options.is('single_threaded', false),
    showAllDeprecations: options.is('show_all_deprecations', false),
    eventTimeStart: options.text('event_time_start'),
    eventTimeEnd: options.text('event_time_end'),
    targetPath: options.text('target_path'),
    exportSavedQueries: options.is('export_saved_queries', false),
    versionCheck: options.is('version_check', true),
    wait: options.get('wait') === true ? Number.POSITIVE_INFINITY : options.number('wait'),
    runLock: options.is('run_lock', true),
    behavior,
    args,
  })
}

/** dbt's `warn_error_options`: {error|include, warn|exclude, silence}; 'all' or '*' for every warning. */
function readWarnErrorOptions(given: unknown): WarnErrorOptions {
  if (given === undefined || given === null) return { error: [], warn: [], silence: [] }
  if (typeof given !== 'object' || Array.isArray(given)) {
    fail(
      'usage',
      'bad-option-value',
      "Invalid value for '--warn-error-options': a mapping with error, warn and silence is expected.",
    )
  }
  const record = given as Record<string, unknown>
  if ('error' in record && 'include' in record)
    fail('usage', 'bad-option-value', 'Only `error` or `include` can be specified, not both')
  if ('warn' in record && 'exclude' in record)
    fail('usage', 'bad-option-value', 'Only `warn` or `exclude` can be specified, not both')
  const list = (value: unknown): readonly string[] =>
    Array.isArray(value) ? value.map(String) : value === undefined || value === null ? [] : [String(value)]
  const error = record['error'] ?? record['include']
  return {
    error: error === 'all' || error === '*' ? 'all' : list(error),
    warn: list(record['warn'] ?? record['exclude']),
    silence: list(record['silence']),
  }
}
