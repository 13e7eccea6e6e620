import type { AdapterPlugin, Credentials } from '../adapter.js'
import { type DuckDBCredentials, fields, readCredentials, targetVars } from './credentials.js'
import { duckdbDialect } from './dialect.js'
import { renderSource } from './source-location.js'
import { stampOfFiles } from './state-stamp.js'

/** DuckDB: a database file, or memory, in this process. */
const duckdb: AdapterPlugin = {
  type: 'duckdb',
  fields,
  credentials: readCredentials,
  targetVars,
  dialect: duckdbDialect,
  capabilities: {
    transactionalDdl: true,
    atomicReplaceTable: true,
    atomicReplaceView: true,
    merge: true,
    schemaMetadataByRelations: true,
    microbatchConcurrency: true,
  },
  macroPackage: 'dbt_duckdb',
  pythonName: 'DuckDB',
  errorHeader: 'Runtime Error',
  renderSource,
  stateStamp: (credentials) => stampOfFiles(credentials as DuckDBCredentials),
  async openSchemaDatabase(credentials) {
    const { openSchemaDatabase } = await import('./schema-database.js')
    return openSchemaDatabase(credentials as DuckDBCredentials)
  },
  lineageNamespace: (credentials) => `duckdb://${(credentials as DuckDBCredentials).path}`,
  async open(credentials: Credentials, options) {
    // The driver is loaded when it is needed: parsing needs none.
    const { DuckDBWarehouse } = await import('./warehouse.js')
    return new DuckDBWarehouse(duckdb, credentials as DuckDBCredentials, options)
  },
}

export default duckdb
