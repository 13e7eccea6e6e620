import type { Manifest } from '../../manifest/index.js'
import { emptyManifest } from '../../parse/metadata.js'

/** What is known of a project that was not read: nothing. */
export function noProject(adapterType: string): Manifest {
  return emptyManifest({
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
  })
}
