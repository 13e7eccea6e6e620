import type { Manifest } from '../../manifest/index.js'

/** What is known of a project that was not read: nothing. */
export function noProject(adapterType: string): Manifest {
  return {
    metadata: {
      dbt_schema_version: '',
      dbt_version: '',
      generated_at: '',
      invocation_id: '',
      invocation_started_at: '',
      env: {},
      project_name: '',
      project_id: '',
      user_id: null,
      send_anonymous_usage_stats: false,
      adapter_type: adapterType,
      quoting: { database: true, schema: true, identifier: true, column: null },
      run_started_at: '',
    },
    nodes: {},
    sources: {},
    macros: {},
    docs: {},
    exposures: {},
    metrics: {},
    groups: {},
    selectors: {},
    disabled: {},
    parent_map: {},
    child_map: {},
    group_map: {},
    saved_queries: {},
    semantic_models: {},
    unit_tests: {},
    functions: {},
  }
}
