/**
 * Every option of every command, once: parser, help, environment names and docs derive from here.
 * Names, spellings and environment variables are dbt's (`dbt/cli/params.py` of 1.11).
 */
export type OptionKind = 'flag' | 'string' | 'path' | 'integer' | 'seconds' | 'list' | 'choice' | 'choices' | 'yaml'

export interface OptionSpec {
  /** All spellings, the long one first. */
  readonly flags: readonly string[]
  /** Spellings that set it to false. */
  readonly negative?: readonly string[]
  readonly kind: OptionKind
  readonly choices?: readonly string[]
  readonly env?: string
  readonly about: string
  readonly hidden?: boolean
  /** A value with spaces is several values. */
  readonly words?: true
  readonly global?: boolean
}

const RESOURCE_TYPES = [
  'metric',
  'semantic_model',
  'saved_query',
  'source',
  'analysis',
  'function',
  'model',
  'test',
  'unit_test',
  'exposure',
  'snapshot',
  'seed',
  'default',
] as const

function specs<const T extends Record<string, OptionSpec>>(all: T): { readonly [K in keyof T]: OptionSpec } {
  return all
}

function flag(name: string, about: string, rest: Partial<OptionSpec> = {}): OptionSpec {
  return {
    flags: [`--${name}`],
    negative: [`--no-${name}`],
    kind: 'flag',
    env: `DBT_${name.replaceAll('-', '_').toUpperCase()}`,
    about,
    ...rest,
  }
}

function value(name: string, kind: OptionKind, about: string, rest: Partial<OptionSpec> = {}): OptionSpec {
  return { flags: [`--${name}`], kind, env: `DBT_${name.replaceAll('-', '_').toUpperCase()}`, about, ...rest }
}

const G = { global: true } as const
const LEVELS = ['debug', 'info', 'warn', 'error', 'none'] as const
const FORMATS = ['text', 'debug', 'json', 'default'] as const

export const OPTIONS = specs({
  // Global: accepted before and after the command.
  cache_selected_only: flag('cache-selected-only', 'Look up only the schemas of selected resources before a run.', G),
  debug: flag('debug', 'Print debug events to the terminal.', { ...G, flags: ['--debug', '-d'] }),
  defer: flag('defer', 'Resolve references to what is not built here through the state of another run.', G),
  defer_state: value('defer-state', 'path', 'Directory of the artifacts to defer to (default: --state).', G),
  fail_fast: flag('fail-fast', 'Stop at the first failure.', { ...G, flags: ['--fail-fast', '-x'] }),
  favor_state: flag('favor-state', 'With --defer: prefer the other state even for what exists here.', G),
  indirect_selection: value('indirect-selection', 'choice', 'Which tests come along with selected resources.', {
    ...G,
    choices: ['eager', 'cautious', 'buildable', 'empty'],
  }),
  log_cache_events: flag('log-cache-events', 'Log what the relation cache does.', G),
  log_file_max_bytes: value('log-file-max-bytes', 'integer', 'Size at which the log file is rotated; 0 for never.', {
    ...G,
    hidden: true,
  }),
  log_format: value('log-format', 'choice', 'Form of the lines on the terminal.', { ...G, choices: FORMATS }),
  log_format_file: value('log-format-file', 'choice', 'Form of the lines in the log file.', { ...G, choices: FORMATS }),
  log_level: value('log-level', 'choice', 'Least severity shown on the terminal.', { ...G, choices: LEVELS }),
  log_level_file: value('log-level-file', 'choice', 'Least severity written to the log file.', {
    ...G,
    choices: LEVELS,
  }),
  log_path: value('log-path', 'path', 'Directory of the log file.', G),
  macro_debugging: flag('macro-debugging', 'Accepted for compatibility.', { ...G, hidden: true }),
  partial_parse: flag('partial-parse', 'Reuse what the last parse found for files that did not change.', G),
  partial_parse_file_path: value('partial-parse-file-path', 'path', 'Accepted for compatibility.', {
    ...G,
    hidden: true,
  }),
  partial_parse_file_diff: flag('partial-parse-file-diff', 'Accepted for compatibility.', { ...G, hidden: true }),
  populate_cache: flag('populate-cache', 'List existing relations before a run.', G),
  print: flag('print', 'Let print() in templates reach the terminal.', G),
  printer_width: value('printer-width', 'integer', 'Width of the result lines.', G),
  profile: value('profile', 'string', 'Profile to use instead of the project’s.', G),
  quiet: flag('quiet', 'Only errors and what was asked to be printed.', { ...G, flags: ['--quiet', '-q'] }),
  record_timing_info: value('record-timing-info', 'path', 'Accepted for compatibility.', {
    ...G,
    flags: ['--record-timing-info', '-r'],
    hidden: true,
  }),
  send_anonymous_usage_stats: flag('send-anonymous-usage-stats', 'Accepted for compatibility; nothing is ever sent.', {
    ...G,
    hidden: true,
  }),
  show_all_deprecations: {
    flags: ['--show-all-deprecations'],
    negative: ['--no-show-all-deprecations'],
    kind: 'flag',
    about: 'Show every deprecation, not the first of a kind.',
    global: true,
  },
  show_resource_report: flag('show-resource-report', 'End with the time and memory that the command took.', G),
  single_threaded: flag('single-threaded', 'Run one node at a time.', { ...G, hidden: true }),
  state: value('state', 'path', 'Directory of the artifacts to compare with.', G),
  static_parser: flag('static-parser', 'Accepted for compatibility.', { ...G, hidden: true }),
  target: value('target', 'string', 'Target of the profile.', { ...G, flags: ['--target', '-t'] }),
  upload_to_artifacts_ingest_api: flag(
    'upload-to-artifacts-ingest-api',
    'Accepted for compatibility; nothing is ever uploaded.',
    { ...G, hidden: true },
  ),
  use_colors: flag('use-colors', 'Colour the terminal output.', G),
  use_colors_file: flag('use-colors-file', 'Colour the log file.', G),
  use_experimental_parser: flag('use-experimental-parser', 'Accepted for compatibility.', { ...G, hidden: true }),
  use_fast_test_edges: flag('use-fast-test-edges', 'Accepted for compatibility.', { ...G, hidden: true }),
  version_check: flag('version-check', 'Check the project’s require-dbt-version.', G),
  warn_error: {
    flags: ['--warn-error'],
    kind: 'flag',
    env: 'DBT_WARN_ERROR',
    about: 'Treat warnings as errors.',
    global: true,
  },
  warn_error_options: value(
    'warn-error-options',
    'yaml',
    'Which warnings are errors: {error: [...], warn: [...], silence: [...]}.',
    G,
  ),
  write_json: flag('write-json', 'Write the artifacts to the target directory.', G),

  // Of most commands.
  profiles_dir: value('profiles-dir', 'path', 'Directory of profiles.yml.'),
  project_dir: value('project-dir', 'path', 'Directory of dbt_project.yml.'),
  target_path: value('target-path', 'path', 'Directory of the artifacts.'),
  threads: { flags: ['--threads'], kind: 'integer', about: 'How many nodes run at once.' },
  vars: { flags: ['--vars'], kind: 'yaml', about: "Variables for the project, as YAML: '{key: value}'." },
  select: {
    flags: ['--select', '-s', '--models', '--model', '-m'],
    kind: 'list',
    about: 'Resources to include, in selection syntax.',
  },
  list_select: {
    flags: ['--select', '-s'],
    kind: 'list',
    about: 'Resources to include, in selection syntax.',
  },
  models: {
    flags: ['--models', '--model', '-m'],
    kind: 'list',
    about: 'Models to include (list: implies models only).',
  },
  exclude: { flags: ['--exclude'], kind: 'list', about: 'Resources to leave out.' },
  selector: { flags: ['--selector'], kind: 'string', about: 'A selector of selectors.yml.' },
  resource_types: {
    flags: ['--resource-type', '--resource-types'],
    kind: 'choices',
    choices: [...RESOURCE_TYPES, 'all'],
    env: 'DBT_RESOURCE_TYPES',
    about: 'Only these types of resource.',
  },
  exclude_resource_types: {
    flags: ['--exclude-resource-type', '--exclude-resource-types'],
    kind: 'choices',
    choices: RESOURCE_TYPES,
    env: 'DBT_EXCLUDE_RESOURCE_TYPES',
    about: 'Not these types of resource.',
  },
  full_refresh: {
    flags: ['--full-refresh', '-f'],
    kind: 'flag',
    env: 'DBT_FULL_REFRESH',
    about: 'Rebuild incremental models and seeds from scratch.',
  },
  empty: flag('empty', 'Run on no rows: references are limited to zero rows.'),
  sample: value('sample', 'string', 'Run on a window of event time: "3 days", or {start: ..., end: ...}.'),
  event_time_start: value('event-time-start', 'string', 'First moment of the batches of microbatch models.'),
  event_time_end: value('event-time-end', 'string', 'Moment behind the last of the batches of microbatch models.'),
  store_failures: {
    flags: ['--store-failures'],
    kind: 'flag',
    env: 'DBT_STORE_FAILURES',
    about: 'Keep the failing rows of tests in the warehouse.',
  },
  export_saved_queries: flag('export-saved-queries', 'Also run the exports of selected saved queries.'),
  include_saved_query: flag('include-saved-query', 'Accepted for compatibility.', { hidden: true }),
  show: { flags: ['--show'], kind: 'flag', about: 'Print the first rows of what was loaded.' },
  sqlparse: { flags: ['--sqlparse'], kind: 'yaml', about: 'Accepted for compatibility.', hidden: true },
  wait: {
    flags: ['--wait'],
    kind: 'seconds',
    env: 'PLUMB_WAIT',
    about:
      'Wait so many seconds for another run at work on the same relations, 0 for none; alone, as long as it takes. ' +
      'Usual: as long as it takes; on DuckDB none.',
  },
  run_lock: flag('run-lock', 'One run at a time on a relation (the default).', { env: 'PLUMB_RUN_LOCK' }),
  plan: { flags: ['--plan'], kind: 'flag', about: 'Print what would be done, and why, and stop.' },
  introspect: flag('introspect', 'Let templates query the warehouse while compiling.'),
  inline: { flags: ['--inline'], kind: 'string', about: 'Compile this SQL instead of a node.' },
  inline_direct: {
    flags: ['--inline-direct'],
    kind: 'string',
    about: 'Run this SQL as it is, without a project’s templates.',
    hidden: true,
  },
  inject_ephemeral_ctes: {
    flags: ['--inject-ephemeral-ctes'],
    negative: ['--no-inject-ephemeral-ctes'],
    kind: 'flag',
    about: 'Put ephemeral models into the SQL as CTEs.',
    hidden: true,
  },
  output_format: { flags: ['--output'], kind: 'choice', choices: ['json', 'text'], about: 'Form of the output.' },
  list_output: {
    flags: ['--output'],
    kind: 'choice',
    choices: ['json', 'name', 'path', 'selector'],
    about: 'What to print for each resource.',
  },
  output_keys: {
    flags: ['--output-keys'],
    kind: 'list',
    words: true,
    about: 'With --output json: which keys (dots go into objects).',
  },
  output_file: { flags: ['--output', '-o'], kind: 'path', about: 'File to write the freshness results to.' },
  openlineage: {
    flags: ['--openlineage'],
    kind: 'string',
    env: 'PLUMB_OPENLINEAGE',
    about: 'Send OpenLineage events to this address, or write them to this file (- for the terminal).',
  },
  upstream: { flags: ['--upstream'], kind: 'flag', about: 'Only what it comes from.' },
  downstream: { flags: ['--downstream'], kind: 'flag', about: 'Only what stands on it.' },
  depth: { flags: ['--depth'], kind: 'integer', about: 'How many resources away to follow.' },
  lineage_output: {
    flags: ['--output'],
    kind: 'choice',
    choices: ['tree', 'json', 'mermaid', 'dot'],
    about: 'Form of the output.',
  },
  diff_output: {
    flags: ['--output'],
    kind: 'choice',
    choices: ['text', 'json', 'markdown'],
    about: 'Form of the report.',
  },
  diff_data: { flags: ['--data'], kind: 'flag', about: 'Also compare what is in the tables, and every metric.' },
  check: { flags: ['--check'], kind: 'flag', about: 'Bind the SQL against the columns it reads, without data.' },
  limit: { flags: ['--limit'], kind: 'integer', about: 'Rows to show; -1 for all.' },
  // Questions about metrics; the names are MetricFlow's where it has them.
  metrics: { flags: ['--metrics'], kind: 'list', about: 'Metrics, separated by commas.' },
  group_by: { flags: ['--group-by'], kind: 'list', about: 'Dimensions and entities, separated by commas.' },
  where: {
    flags: ['--where'],
    kind: 'list',
    about: `A filter, may be given again: "{{ Dimension('order__status') }} = 'paid'".`,
  },
  order: {
    flags: ['--order', '--order-by'],
    kind: 'list',
    about: 'What to sort by, separated by commas; -name sorts descending.',
  },
  query_limit: { flags: ['--limit'], kind: 'integer', about: 'At most so many rows.' },
  start_time: {
    flags: ['--start-time'],
    kind: 'string',
    about: 'First moment of the time range, included (ISO 8601).',
  },
  end_time: { flags: ['--end-time'], kind: 'string', about: 'Last moment of the time range, included (ISO 8601).' },
  saved_query: { flags: ['--saved-query'], kind: 'string', about: 'Ask a saved query of the project.' },
  explain: { flags: ['--explain'], kind: 'flag', about: 'Print the SQL and the plan in words, and run nothing.' },
  csv: { flags: ['--csv'], kind: 'path', about: 'Write the rows to this CSV file.' },
  answer_output: {
    flags: ['--output', '--format'],
    kind: 'choice',
    choices: ['table', 'json', 'csv', 'parquet', 'arrow', 'xlsx'],
    about: 'Form of the answer.',
  },
  to_file: { flags: ['--to'], kind: 'path', about: 'Write the answer to this file; its ending chooses the form.' },
  decimals: { flags: ['--decimals'], kind: 'integer', about: 'Digits after the point of numbers in tables.' },
  chart: { flags: ['--chart'], kind: 'flag', about: 'Draw the answer in the terminal.' },
  proof: {
    flags: ['--proof'],
    kind: 'flag',
    about: 'Also say what the answer stands on: SQL, models, sources, last build, tests.',
  },
  require: {
    flags: ['--require'],
    kind: 'list',
    about: 'Refuse to answer unless what is read is: fresh, tested (both: fresh,tested).',
  },
  queries: {
    flags: ['--queries'],
    kind: 'path',
    about: 'Answer the questions of this file (- for stdin), JSON lines in and out.',
  },
  semantic_manifest: {
    flags: ['--semantic-manifest'],
    kind: 'path',
    about: 'Take the metrics from this semantic_manifest.json instead of the project.',
  },
  search: {
    flags: ['--search'],
    kind: 'string',
    about: 'Only what has these words in its name, label or description.',
  },
  only_exports: { flags: ['--only'], kind: 'list', about: 'Only these exports, by name or path.' },
  dimension: { flags: ['--dimension'], kind: 'string', about: 'The dimension, as queries name it.' },
  warehouse: { flags: ['--warehouse'], kind: 'flag', about: 'Also ask the warehouse: tables, columns, metrics.' },
  skip_warehouse: { flags: ['--skip-dw'], kind: 'flag', about: 'Accepted for compatibility.', hidden: true },
  show_all: { flags: ['--show-all'], kind: 'flag', about: 'Accepted for compatibility.', hidden: true },
  list_format: {
    flags: ['--output', '--format'],
    kind: 'choice',
    choices: ['table', 'json'],
    about: 'Form of the list.',
  },
  args: { flags: ['--args'], kind: 'yaml', about: "Arguments of the macro, as YAML: '{key: value}'." },
  connection: { flags: ['--connection'], kind: 'flag', about: 'Only test the connection.' },
  config_dir: { flags: ['--config-dir'], kind: 'flag', about: 'Print where profiles.yml is looked for.' },
  clean_project_files_only: flag('clean-project-files-only', 'Refuse to delete outside of the project.'),
  compile: {
    flags: ['--compile'],
    negative: ['--no-compile'],
    kind: 'flag',
    about: 'Compile the models for the documentation.',
  },
  empty_catalog: { flags: ['--empty-catalog'], kind: 'flag', about: 'Leave the warehouse out of the documentation.' },
  browser: {
    flags: ['--browser'],
    negative: ['--no-browser'],
    kind: 'flag',
    about: 'Accepted for compatibility.',
    hidden: true,
  },
  host: { flags: ['--host'], kind: 'string', env: 'DBT_HOST', about: 'Address to listen on.' },
  serve_host: { flags: ['--host'], kind: 'string', about: 'Address to listen on (default: 127.0.0.1).' },
  http_port: { flags: ['--http-port'], kind: 'integer', about: 'Port of HTTP; 0 takes a free one (default: 8580).' },
  pg_port: {
    flags: ['--pg-port'],
    kind: 'integer',
    about: 'Port of the PostgreSQL protocol; 0 takes a free one (default: 5480).',
  },
  http: { flags: ['--http'], negative: ['--no-http'], kind: 'flag', about: 'Answer over HTTP (default).' },
  pg: { flags: ['--pg'], negative: ['--no-pg'], kind: 'flag', about: 'Answer over the PostgreSQL protocol (default).' },
  as_user: {
    flags: ['--as'],
    kind: 'string',
    about: 'Ask as this user of users.yml would: with its rows, masks and metrics.',
  },
  users: {
    flags: ['--users'],
    kind: 'path',
    about: 'File of users and their tokens (default: users.yml in the project).',
  },
  tls_cert: {
    flags: ['--tls-cert'],
    kind: 'path',
    env: 'PLUMB_TLS_CERT',
    about: 'Certificate (PEM) to speak TLS with, over HTTP and the PostgreSQL protocol.',
  },
  tls_key: { flags: ['--tls-key'], kind: 'path', env: 'PLUMB_TLS_KEY', about: 'Key (PEM) of the certificate.' },
  serve_build: {
    flags: ['--build'],
    kind: 'flag',
    about: 'Build the project too; until that is done questions are answered from the old tables.',
  },
  watch: { flags: ['--watch'], kind: 'flag', about: 'Build what changed, whenever files of the project change.' },
  query_timeout: { flags: ['--query-timeout'], kind: 'integer', about: 'Seconds a question may take (default: 300).' },
  max_rows: { flags: ['--max-rows'], kind: 'integer', about: 'Rows an answer may have (default: 20000000).' },
  query_concurrency: {
    flags: ['--query-concurrency'],
    kind: 'integer',
    about: 'Questions of one user that run at once (default: 16).',
  },
  port: { flags: ['--port'], kind: 'integer', about: 'Port to listen on.' },
  static: {
    flags: ['--static'],
    kind: 'flag',
    about: 'Also write the site as a folder (site/), and as static_index.html.',
  },
  package_source: {
    flags: ['--source'],
    kind: 'choice',
    choices: ['hub', 'git', 'local'],
    about: 'Where --add-package finds the package.',
  },
  lock: { flags: ['--lock'], kind: 'flag', about: 'Only write package-lock.yml.' },
  upgrade: { flags: ['--upgrade'], kind: 'flag', about: 'Resolve versions anew instead of reading package-lock.yml.' },
  add_package: { flags: ['--add-package'], kind: 'string', about: 'Add name@version to packages.yml and install it.' },
  skip_profile_setup: { flags: ['--skip-profile-setup', '-s'], kind: 'flag', about: 'Do not write a profile.' },
  yes: { flags: ['--yes', '-y'], kind: 'flag', about: 'Ask nothing; take the defaults.' },
})

export type OptionName = keyof typeof OPTIONS

export const GLOBAL_OPTIONS: readonly OptionName[] = (Object.keys(OPTIONS) as OptionName[]).filter(
  (name) => OPTIONS[name].global,
)

/** What nearly every command takes. */
export const PROJECT_OPTIONS: readonly OptionName[] = ['project_dir', 'profiles_dir', 'target_path', 'vars', 'threads']
export const SELECTION_OPTIONS: readonly OptionName[] = ['select', 'exclude', 'selector']
