export { type AnalyzerOptions, createAnalyzer, type SqlAnalyzer } from './analyzer.js'
export { createTableSchema } from './resolve/table-schema.js'
export type {
  ColumnUse,
  OutputColumn,
  ReadTable,
  SchemaColumn,
  SchemaTable,
  StatementLineage,
  StatementToAnalyze,
  UsedColumn,
} from './statement-lineage.js'
export { isSystemTable, type WrittenTable, writtenTables } from './written-tables.js'
