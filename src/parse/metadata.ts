import { createHash } from 'node:crypto'
import type { AdapterPlugin } from '../adapters/adapter.js'
import type { Flags } from '../core/flags.js'
import { DBT_VERSION, type Invocation } from '../core/invocation.js'
import type { Manifest, ManifestMetadata } from '../manifest/index.js'
import type { Project } from '../project/index.js'

const CUSTOM_ENV = 'DBT_ENV_CUSTOM_ENV_'

/** A manifest without resources, its sections in the order they are written. */
export function emptyManifest(metadata: ManifestMetadata): Manifest {
  return {
    metadata,
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

/** What a manifest says about the invocation that made it. */
export function manifestMetadata(
  invocation: Invocation,
  project: Project,
  flags: Flags,
  plugin: AdapterPlugin,
): ManifestMetadata {
  const { quoting } = project.root.config
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(invocation.env)) {
    if (name.startsWith(CUSTOM_ENV) && value !== undefined) env[name.slice(CUSTOM_ENV.length)] = value
  }
  const startedAt = utcText(invocation.startedAt)
  return {
    dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json',
    dbt_version: DBT_VERSION,
    generated_at: utcText(invocation.now()),
    invocation_id: invocation.id,
    invocation_started_at: startedAt,
    env,
    project_name: project.root.name,
    project_id: createHash('md5').update(project.root.name).digest('hex'),
    user_id: null,
    send_anonymous_usage_stats: flags.sendAnonymousUsageStats,
    adapter_type: plugin.type,
    quoting: {
      database: quoting.database ?? true,
      schema: quoting.schema ?? true,
      identifier: quoting.identifier ?? true,
      column: null,
    },
    run_started_at: startedAt.replace('Z', '+00:00'),
  }
}

/** `2025-01-31T12:00:00.123000Z`, as dbt writes times. */
function utcText(date: Date): string {
  return date.toISOString().replace(/(\.\d{3})Z$/, '$1000Z')
}
