import type { Connection, QueryResult } from './adapters/adapter.js'
import { loadAdapterPlugin } from './adapters/registry.js'

/** A DuckDB in memory that is gone afterwards: nothing of the project's warehouse is in it. */
export interface ScratchDatabase {
  run(sql: string): Promise<QueryResult>
  /** Rows of text, cast to the types of the table's columns. */
  load(table: string, columns: readonly string[], rows: readonly (readonly (string | null)[])[]): Promise<void>
  quote(identifier: string): string
  literal(text: string): string
}

/** Opens a scratch database for as long as `work` takes. */
export async function withScratchDatabase<T>(work: (database: ScratchDatabase) => Promise<T>): Promise<T> {
  const plugin = await loadAdapterPlugin('duckdb')
  const credentials = plugin.credentials(
    { type: 'duckdb', path: ':memory:', schema: 'main', threads: 1 },
    process.cwd(),
  )
  const adapter = await plugin.open(credentials, {
    projectRoot: process.cwd(),
    threads: 1,
    signal: new AbortController().signal,
    env: process.env,
  })
  let connection: Connection | undefined
  try {
    const session = await adapter.connect('scratch')
    connection = session
    return await work({
      run: (sql) => session.execute(sql, { fetch: true }),
      async load(table, columns, rows) {
        await session.loadRows?.({ database: 'memory', schema: 'main', identifier: table }, columns, rows)
      },
      quote: (identifier) => plugin.dialect.quoteIdentifier(identifier),
      literal: (text) => plugin.dialect.stringLiteral(text),
    })
  } finally {
    await connection?.release()
    await adapter.close()
  }
}
