import { listTables } from './parse/list-tables.js'
import { dialectName, loadParser, type ParseSql } from './parse/parse-statement.js'
import { resolveStatement } from './resolve/resolve-statement.js'
import type { TableSchema } from './resolve/table-schema.js'
import type { StatementLineage, StatementToAnalyze } from './statement-lineage.js'

/** Analyzes one statement after another, in the thread it lives in. */
export interface AnalysisEngine {
  analyze(statement: StatementToAnalyze, schema: TableSchema, dialect: string): Promise<StatementLineage>
}

export async function createEngine(): Promise<AnalysisEngine> {
  const parse = await loadParser()
  return { analyze: (statement, schema, dialect) => analyze(parse, statement, schema, dialectName(dialect)) }
}

async function analyze(
  parse: ParseSql,
  statement: StatementToAnalyze,
  schema: TableSchema,
  dialect: string,
): Promise<StatementLineage> {
  const parsed = parse(statement.sql, dialect)
  return 'tree' in parsed
    ? resolve(parsed.tree, statement, schema, dialect)
    : tablesOnly(statement, schema, dialect, `it could not be parsed: ${parsed.error}`)
}

function resolve(
  tree: readonly unknown[],
  statement: StatementToAnalyze,
  schema: TableSchema,
  dialect: string,
): StatementLineage {
  try {
    return resolveStatement(tree, statement, schema, dialect)
  } catch (error) {
    if (error instanceof RangeError) return unknown('it is nested too deeply')
    // A fault of ours in one statement must not take the others along.
    return unknown(`${READING_FAILED}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** How the reason begins when it is our fault. */
export const READING_FAILED = 'reading it failed'

/** The second try: tables without columns. */
async function tablesOnly(
  { sql }: StatementToAnalyze,
  schema: TableSchema,
  dialect: string,
  reason: string,
): Promise<StatementLineage> {
  const tables = await listTables(sql, dialect)
  if (tables === undefined) return unknown(reason)
  const found = tables.map((name) => {
    const known = schema.find(name)
    return { table: known?.key ?? name.join('.'), known: known !== undefined }
  })
  return { ...unknown(reason), level: 'table', tables: found }
}

/** Nothing could be told, for this reason. */
export function unknown(reason: string): StatementLineage {
  return { level: 'none', reason, tables: [], columns: [], complete: false, rows: [], notes: [] }
}
