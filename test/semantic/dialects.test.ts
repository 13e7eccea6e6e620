import { Dialect, parse } from '@polyglot-sql/sdk'
import { loadModule, parseSync } from 'libpg-query'
import { beforeAll, describe, expect, test } from 'vitest'
import { createSemanticEngine, DIALECT_NAMES, type DialectName } from '../../src/semantic/index.js'
import { CASES } from './support/cases.js'
import { shopManifest } from './support/shop.js'

/** PostgreSQL's own parser reads what it can; the others' texts go through a parser with their grammars. */
const GRAMMARS: { readonly [K in DialectName]: 'postgres-itself' | Dialect } = {
  bigquery: Dialect.BigQuery,
  databricks: Dialect.Databricks,
  duckdb: Dialect.DuckDB,
  postgres: 'postgres-itself',
  redshift: 'postgres-itself',
  snowflake: Dialect.Snowflake,
  spark: Dialect.Spark,
  trino: Dialect.Trino,
}

beforeAll(() => loadModule())

describe.each(DIALECT_NAMES)('%s', (dialect) => {
  const engine = createSemanticEngine(shopManifest(), { dialect })
  const texts = CASES.map(({ name, query }) => ({ name, sql: sqlOrReason(() => engine.compile(query).sql) }))

  test('the text of every feature', async () => {
    const file = texts.map(({ name, sql }) => `-- ${name}\n${sql}`).join('\n\n')
    await expect(`${file}\n`).toMatchFileSnapshot(`snapshots/${dialect}.sql`)
  })

  test.each(texts.filter(({ sql }) => !sql.startsWith('-- refused')))('$name can be parsed', ({ sql }) => {
    const grammar = GRAMMARS[dialect]
    if (grammar === 'postgres-itself') {
      // Redshift's own word before an aggregate, which PostgreSQL has not.
      expect(parseSync(sql.replaceAll('APPROXIMATE PERCENTILE_DISC', 'PERCENTILE_DISC')).stmts).toHaveLength(1)
    } else {
      const parsed = parse(sql, grammar)
      expect(parsed.error ?? '').toBe('')
      expect(parsed.success).toBe(true)
    }
  })
})

function sqlOrReason(compile: () => string): string {
  try {
    return compile()
  } catch (error) {
    return `-- refused: ${error instanceof Error ? error.message : String(error)}`
  }
}
