import type { AdapterPlugin, Credentials } from '../adapter.js'
import { fields, type PostgresCredentials, readCredentials, targetVars } from './credentials.js'
import { postgresDialect } from './dialect.js'
import { materializedViewChanges } from './materialized-view.js'
import { parseMethods } from './template-methods.js'

/** PostgreSQL, over its own protocol. */
const postgres: AdapterPlugin = {
  type: 'postgres',
  fields,
  credentials: readCredentials,
  targetVars,
  dialect: postgresDialect,
  capabilities: {
    transactionalDdl: true,
    atomicReplaceView: true,
    merge: true,
    materializedView: true,
    schemaMetadataByRelations: true,
    grants: true,
    advisoryLock: true,
  },
  macroPackage: 'dbt_postgres',
  pythonName: 'Postgres',
  parseMethods,
  behaviorFlags: { postgres_skip_autocommit_transaction_statements: true },
  relationMethods: {
    get_materialized_view_config_change_collection: materializedViewChanges,
    relation_max_name_length: () => postgresDialect.maxIdentifierLength,
  },
  lineageNamespace(credentials) {
    const { host, port } = credentials as PostgresCredentials
    return `postgres://${host}:${port}`
  },
  async open(credentials: Credentials, options) {
    // The driver is loaded when it is needed: parsing needs none.
    const { PostgresWarehouse } = await import('./warehouse.js')
    return new PostgresWarehouse(postgres, credentials as PostgresCredentials, options)
  },
}

export default postgres
