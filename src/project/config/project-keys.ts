import type { ConfigSection } from '../types.js'

/** What may stand under a key of dbt_project.yml. */
export type KeyShape = 'text?' | 'texts?' | 'text or texts?' | 'mapping' | 'mapping?' | 'boolean' | 'integer?' | 'any'

/** Keys of dbt_project.yml with their shapes; those with a richer shape (`name`, `quoting` ...) are checked apart. */
export const PROJECT_KEYS: Readonly<Record<string, KeyShape>> = {
  name: 'any',
  'config-version': 'integer?',
  version: 'any',
  'project-root': 'text?',
  'source-paths': 'texts?',
  'model-paths': 'texts?',
  'macro-paths': 'texts?',
  'data-paths': 'texts?',
  'seed-paths': 'texts?',
  'test-paths': 'texts?',
  'analysis-paths': 'texts?',
  'docs-paths': 'texts?',
  'asset-paths': 'texts?',
  'function-paths': 'texts?',
  'osi-paths': 'texts?',
  'target-path': 'text?',
  'snapshot-paths': 'texts?',
  'clean-targets': 'texts?',
  profile: 'text?',
  'log-path': 'text?',
  'packages-install-path': 'text?',
  quoting: 'any',
  'on-run-start': 'texts?',
  'on-run-end': 'texts?',
  'require-dbt-version': 'text or texts?',
  dispatch: 'any',
  models: 'mapping',
  seeds: 'mapping',
  snapshots: 'mapping',
  analyses: 'mapping',
  sources: 'mapping',
  tests: 'mapping',
  data_tests: 'mapping',
  unit_tests: 'mapping',
  metrics: 'mapping',
  'semantic-models': 'mapping',
  'saved-queries': 'mapping',
  exposures: 'mapping',
  functions: 'mapping',
  vars: 'mapping?',
  packages: 'any',
  'query-comment': 'any',
  'restrict-access': 'boolean',
  'dbt-cloud': 'mapping?',
  flags: 'mapping',
}

/** Sections with a tree of folders. `tests` is the old spelling of `data_tests`. */
export const CONFIG_SECTIONS: readonly ConfigSection[] = [
  'models',
  'seeds',
  'snapshots',
  'tests',
  'data_tests',
  'unit_tests',
  'sources',
  'exposures',
  'metrics',
  'semantic-models',
  'saved-queries',
  'functions',
  'analyses',
]

/** Names a project cannot have: they mean something else in templates. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(
  (
    '_sql_results adapter api column config context database env env_var exceptions execute flags fromjson fromyaml ' +
    'graph invocation_id load_agate_table load_result log model modules post_hooks pre_hooks ref render return ' +
    'run_started_at schema source sql sql_now store_result store_raw_result target this tojson toyaml ' +
    'try_or_compiler_error var write'
  ).split(' '),
)
