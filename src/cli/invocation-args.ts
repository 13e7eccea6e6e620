import { join } from 'node:path'
import type { Command } from './command.js'
import { GLOBAL_OPTIONS, OPTIONS, type OptionName } from './options.js'
import type { ResolvedOptions } from './resolve-flags.js'

/** What a call of the tool is, besides its options. */
export interface Occasion {
  /** The words of the call. */
  readonly command: string
  /** The argument that has no option's name (`run-operation MACRO`). */
  readonly argument: string | undefined
  readonly projectDir: string
  readonly profilesDir: string
}

/** What options are called in `args`, where dbt has one name for what we tell apart. */
export const ARGUMENT_NAMES: Readonly<Partial<Record<OptionName, string>>> = {
  list_select: 'select',
  output_format: 'output',
  list_output: 'output',
  output_file: 'output',
  package_source: 'source',
  query_limit: 'limit',
  answer_output: 'output',
  list_format: 'output',
}

/** dbt 1.11's defaults of what `run_results.args` always shows. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  cache_selected_only: false,
  defer: false,
  favor_state: false,
  indirect_selection: 'eager',
  introspect: true,
  log_file_max_bytes: 10485760,
  log_format: 'default',
  log_format_file: 'debug',
  log_level: 'info',
  log_level_file: 'debug',
  macro_debugging: false,
  partial_parse: true,
  partial_parse_file_diff: true,
  populate_cache: true,
  print: true,
  printer_width: 80,
  quiet: false,
  send_anonymous_usage_stats: false,
  show_all_deprecations: false,
  show_resource_report: false,
  static_parser: true,
  strict_mode: false,
  upload_to_artifacts_ingest_api: false,
  use_colors: true,
  use_colors_file: true,
  use_fast_test_edges: false,
  version_check: true,
  write_json: true,
  vars: {},
}

/** Options of commands, as they stand where nothing was said. */
const COMMAND_DEFAULTS: Readonly<Partial<Record<OptionName, unknown>>> = {
  compile: true,
  inject_ephemeral_ctes: true,
  limit: 5,
  output_format: 'text',
  sqlparse: { MAX_GROUPING_DEPTH: null, MAX_GROUPING_TOKENS: null },
}

/** Told only where they were said: what dbt does not know, and `warn_error`. */
const OURS: ReadonlySet<OptionName> = new Set<OptionName>(['plan', 'check', 'wait', 'run_lock', 'warn_error'])

/** Who follows whom: a value for the terminal counts for the file too, unless that has its own. */
const FOLLOWS: readonly (readonly [OptionName, OptionName])[] = [
  ['use_colors_file', 'use_colors'],
  ['log_level_file', 'log_level'],
  ['log_format_file', 'log_format'],
]

/** `args` of run_results.json and of templates: every option by dbt's name, with dbt's defaults. */
export function argsOf(
  options: ResolvedOptions,
  command: Command,
  occasion: Occasion,
  settled: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const args: Record<string, unknown> = { ...DEFAULTS }
  for (const name of new Set<OptionName>([...GLOBAL_OPTIONS, ...command.options])) {
    const key = ARGUMENT_NAMES[name] ?? name
    const value = options.get(name) ?? args[key] ?? defaultOf(name)
    if (value !== undefined) args[key] = value
  }
  for (const [follower, leader] of FOLLOWS) {
    const value = options.get(follower) ?? options.get(leader)
    if (value !== undefined) args[follower] = value
  }
  for (const name of ['event_time_start', 'event_time_end']) args[name] &&= isoTime(String(args[name]))
  Object.assign(args, settled)
  args['project_dir'] ??= occasion.projectDir
  args['profiles_dir'] ??= occasion.profilesDir
  args['log_path'] ??= join(String(args['project_dir']), 'logs')
  args['which'] = command.which ?? command.name
  args['invocation_command'] = occasion.command
  if (command.name === 'run-operation') args['macro'] ??= occasion.argument
  return args
}

function defaultOf(name: OptionName): unknown {
  if (OURS.has(name)) return undefined
  if (name in COMMAND_DEFAULTS) return COMMAND_DEFAULTS[name]
  const { kind } = OPTIONS[name]
  if (kind === 'list' || kind === 'choices') return []
  return kind === 'flag' ? false : undefined
}

/** A moment as Python's datetime writes it. */
function isoTime(given: string): string {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)(?:[ T](.+))?$/.exec(given) ?? []
  return day === undefined ? given : `${day}T${time ?? '00:00:00'}`
}
