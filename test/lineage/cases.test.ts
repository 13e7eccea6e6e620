import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { createAnalyzer, type SchemaTable, type SqlAnalyzer } from '../../src/sql/analyze/index.js'

const here = dirname(fileURLToPath(import.meta.url))
const CASES = join(here, 'cases')

/** Statements with the right answer beside each, written by hand: `column = table.column use, ...`, `rows: ...`. */
describe('lineage of hand-written statements', () => {
  const analyzers = new Map<string, SqlAnalyzer>()
  let tables: SchemaTable[] = []
  let database: Awaited<ReturnType<DuckDBInstance['connect']>>

  beforeAll(async () => {
    const instance = await DuckDBInstance.create(':memory:')
    database = await instance.connect()
    await database.run(readFileSync(join(here, 'schema.sql'), 'utf8'))
    const columns = await database.runAndReadAll(
      'select table_name, column_name, data_type from duckdb_columns() where not internal order by table_name, column_index',
    )
    const found = new Map<string, { name: string; type: string }[]>()
    for (const [table, name, type] of columns.getRows() as string[][])
      found.set(table!, [...(found.get(table!) ?? []), { name: name!, type: type! }])
    tables = [...found].map(([key, list]) => ({ key, name: ['dev', 'main', key], columns: list }))
  })

  for (const file of readdirSync(CASES).filter((name) => name.endsWith('.sql'))) {
    it(file.replace('.sql', ''), async () => {
      const sql = readFileSync(join(CASES, file), 'utf8')
      const dialect = /^-- dialect: (\w+)/.exec(sql)?.[1] ?? 'duckdb'
      const analyzer = analyzers.get(dialect) ?? createAnalyzer({ dialect, inThread: true })
      analyzers.set(dialect, analyzer)
      const found = await analyzer.analyze({ id: file, sql }, tables)
      expect(found.reason).toBeNull()
      const text = (uses: readonly { table: string; column: string; use: string }[]): string =>
        uses
          .map(({ table, column, use }) => `${table}.${column} ${use}`)
          .sort()
          .join(', ')
      const sorted = (list: string): string => list.split(', ').sort().join(', ')
      const lines = found.columns.map(({ name, sources }) => `${name} = ${text(sources)}`.trim())
      const expected = readFileSync(join(CASES, file.replace('.sql', '.expected')), 'utf8')
        .trim()
        .split('\n')
      const rows = expected.find((line) => line.startsWith('rows: '))?.slice(6) ?? ''
      const columns = expected.filter((line) => !line.startsWith('rows: '))
      expect(lines).toEqual(columns.map((line) => line.replace(/= (.+)$/, (_, list: string) => `= ${sorted(list)}`)))
      expect(text(found.rows)).toBe(sorted(rows))
      // The names are those the database itself gives.
      if (dialect === 'duckdb' && !sql.startsWith('create') && !sql.includes('pivot')) {
        const described = await database.runAndReadAll(`describe ${sql}`)
        expect(columns.map((line) => line.split(' = ')[0]!.replace(/ =$/, ''))).toEqual(
          described.getRows().map(([name]) => name),
        )
      }
    })
  }
})
