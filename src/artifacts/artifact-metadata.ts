import { DBT_VERSION, type Invocation } from '../core/invocation.js'
import { type SchemaName, schemaUrl } from './schema-version.js'

/** What stands in every artifact's `metadata`. */
export interface ArtifactMetadata {
  readonly dbt_schema_version: string
  readonly dbt_version: string
  readonly generated_at: string
  readonly invocation_id: string | null
  readonly invocation_started_at?: string | null
  readonly env: Readonly<Record<string, string>>
}

const CUSTOM_ENV = 'DBT_ENV_CUSTOM_ENV_'

/** Metadata of an artifact written now; `DBT_ENV_CUSTOM_ENV_X` variables show as `X`. */
export function artifactMetadata(name: SchemaName, invocation: Invocation): ArtifactMetadata {
  return {
    dbt_schema_version: schemaUrl(name),
    dbt_version: DBT_VERSION,
    generated_at: invocation.now().toISOString(),
    invocation_id: invocation.id,
    invocation_started_at: invocation.startedAt.toISOString(),
    env: metadataEnv(invocation.env),
  }
}

/** Environment variables that users want to see in artifacts. */
export function metadataEnv(env: Invocation['env']): Record<string, string> {
  const out: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith(CUSTOM_ENV) && value !== undefined) out[name.slice(CUSTOM_ENV.length)] = value
  }
  return out
}
