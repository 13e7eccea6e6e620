/**
 * The settings of one invocation after command line, environment (`DBT_*`), the project's `flags:` and defaults were
 * merged, in that order of strength. `behavior` holds dbt's behaviour flags by name.
 */
export interface Flags {
  /** The command: `build`, `run`, `list` ... (`flags.WHICH`). */
  readonly which: string
  readonly fullRefresh: boolean
  readonly empty: boolean
  readonly sample: string | null
  readonly storeFailures: boolean
  readonly failFast: boolean
  readonly warnError: boolean
  readonly warnErrorOptions: WarnErrorOptions
  readonly defer: boolean
  readonly deferState: string | null
  readonly favorState: boolean
  readonly state: string | null
  readonly indirectSelection: IndirectSelection
  readonly partialParse: boolean
  readonly introspect: boolean
  readonly populateCache: boolean
  readonly cacheSelectedOnly: boolean
  readonly writeJson: boolean
  readonly printer: boolean
  readonly quiet: boolean
  readonly useColors: boolean
  readonly logFormat: 'default' | 'text' | 'debug' | 'json'
  readonly logLevel: LogLevel
  readonly logFormatFile: 'default' | 'text' | 'debug' | 'json'
  readonly logLevelFile: LogLevel
  readonly logPath: string | null
  readonly debug: boolean
  readonly printerWidth: number
  readonly singleThreaded: boolean
  readonly showAllDeprecations: boolean
  readonly eventTimeStart: string | null
  readonly eventTimeEnd: string | null
  readonly targetPath: string | null
  readonly exportSavedQueries: boolean
  readonly versionCheck: boolean
  /** Seconds to wait for another run to end; 0 for none, Infinity for as long as it takes, null for the usual. */
  readonly wait: number | null
  /** One run at a time on a target. */
  readonly runLock: boolean
  readonly sendAnonymousUsageStats: boolean
  /** dbt's behaviour flags (`require_generic_test_arguments_property` ...), by their names in `flags:`. */
  readonly behavior: Readonly<Record<string, boolean>>
  /** Everything else that was set, under dbt's snake_case names: what `run_results.args` and `flags.X` show. */
  readonly args: Readonly<Record<string, unknown>>
}

export type IndirectSelection = 'eager' | 'cautious' | 'buildable' | 'empty'
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'none'

export interface WarnErrorOptions {
  readonly error: 'all' | readonly string[]
  readonly warn: readonly string[]
  readonly silence: readonly string[]
}

/** dbt-core 1.11's behaviour flags and their defaults. */
export const BEHAVIOR_DEFAULTS: Readonly<Record<string, boolean>> = {
  require_batched_execution_for_custom_microbatch_strategy: false,
  require_resource_names_without_spaces: true,
  source_freshness_run_project_hooks: true,
  skip_nodes_if_on_run_start_fails: false,
  state_modified_compare_more_unrendered_values: false,
  state_modified_compare_vars: false,
  require_explicit_package_overrides_for_builtin_materializations: true,
  require_yaml_configuration_for_mf_time_spines: false,
  require_nested_cumulative_type_params: false,
  validate_macro_args: false,
  require_all_warnings_handled_by_warn_error: false,
  require_generic_test_arguments_property: true,
  require_unique_project_resource_names: false,
  require_ref_searches_node_package_before_root: false,
}

/** Flags that are told (`args` of run_results.json, `invocation_args_dict`) only while they are on. */
export const SHOWN_WHEN_ON: ReadonlySet<string> = new Set([
  ...['debug', 'full_refresh', 'fail_fast', 'warn_error', 'single_threaded', 'log_cache_events', 'store_failures'],
  'use_experimental_parser',
])

/** Flags as a bare `parse` would have them: for library use and tests, with what differs filled in. */
export function createFlags(overrides: Partial<Flags> = {}): Flags {
  return {
    which: 'parse',
    fullRefresh: false,
    empty: false,
    sample: null,
    storeFailures: false,
    failFast: false,
    warnError: false,
    warnErrorOptions: { error: [], warn: [], silence: [] },
    defer: false,
    deferState: null,
    favorState: false,
    state: null,
    indirectSelection: 'eager',
    partialParse: true,
    introspect: true,
    populateCache: true,
    cacheSelectedOnly: false,
    writeJson: true,
    printer: true,
    quiet: false,
    useColors: false,
    logFormat: 'default',
    logLevel: 'info',
    logFormatFile: 'debug',
    logLevelFile: 'debug',
    logPath: null,
    debug: false,
    printerWidth: 80,
    singleThreaded: false,
    showAllDeprecations: false,
    eventTimeStart: null,
    eventTimeEnd: null,
    targetPath: null,
    exportSavedQueries: false,
    versionCheck: true,
    wait: null,
    runLock: true,
    sendAnonymousUsageStats: false,
    args: {},
    ...overrides,
    behavior: { ...BEHAVIOR_DEFAULTS, ...overrides.behavior },
  }
}
