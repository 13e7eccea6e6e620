/** Dialects of the second parser that come nearest; it has none for DuckDB, Spark or Trino. */
const NEAREST: Readonly<Record<string, string>> = {
  bigquery: 'bigquery',
  snowflake: 'snowflake',
  redshift: 'redshift',
  mysql: 'mysql',
}

interface TableLister {
  tableList(sql: string, options: { database: string }): string[]
}

async function loadLister(dialect: string): Promise<{ Parser: new () => TableLister }> {
  const load = async (module: Promise<unknown>): Promise<{ Parser: new () => TableLister }> => {
    const found = (await module) as { default?: { Parser: new () => TableLister }; Parser?: new () => TableLister }
    const Parser = found.Parser ?? found.default?.Parser
    if (Parser === undefined) throw new TypeError('node-sql-parser has no Parser')
    return { Parser }
  }
  switch (dialect) {
    case 'bigquery':
      return load(import('node-sql-parser/build/bigquery.js'))
    case 'snowflake':
      return load(import('node-sql-parser/build/snowflake.js'))
    case 'redshift':
      return load(import('node-sql-parser/build/redshift.js'))
    case 'mysql':
      return load(import('node-sql-parser/build/mysql.js'))
    default:
      return load(import('node-sql-parser/build/postgresql.js'))
  }
}

/**
 * The second try, where the parser refuses: which tables a statement reads, as the words of their names. CTEs are left
 * out by their names. Undefined when this parser refuses too.
 */
export async function listTables(sql: string, dialect: string): Promise<string[][] | undefined> {
  const nearest = NEAREST[dialect] ?? 'postgresql'
  try {
    const { Parser } = await loadLister(nearest)
    const listed = new Parser().tableList(sql, { database: nearest })
    const ctes = new Set(
      [...sql.matchAll(/([\w$]+|"[^"]+")\s+as\s+(?:not\s+)?(?:materialized\s+)?\(/gi)].map(([, name]) =>
        name!.replaceAll('"', '').toLowerCase(),
      ),
    )
    return listed.flatMap((entry) => {
      // `select::db.schema::table`
      const [, place = '', table = ''] = entry.split('::')
      if (table === '' || (place === 'null' && ctes.has(table.toLowerCase()))) return []
      return [[...(place === 'null' ? [] : place.split('.')), table]]
    })
  } catch {
    return undefined
  }
}
