import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startPostgres } from '../../support/postgres.js'
import type { SuiteDatabase } from './suite.js'

/** Types whose text is read as it is: times stay texts, numbers become numbers. */
const NUMBER_TYPES = new Set<number>([pg.types.builtins.INT8, pg.types.builtins.NUMERIC])
const TIME_TYPES = new Set<number>([pg.types.builtins.DATE, pg.types.builtins.TIMESTAMP, pg.types.builtins.TIMESTAMPTZ])

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (TIME_TYPES.has(oid)) return (text: string) => text.replace(/\+00$/, '')
    if (NUMBER_TYPES.has(oid)) return (text: string) => (text === 'NaN' ? text : Number(text))
    return pg.types.getTypeParser(oid, format)
  },
}

/** A database that a profile can name, too. */
export interface SuiteServer extends SuiteDatabase {
  /** A profile's output for it. */
  readonly output: Readonly<Record<string, unknown>>
}

/** A PostgreSQL server with a database under the name the manifests use, with the suite's tables. */
export async function openSuitePostgres(folder: string): Promise<SuiteServer> {
  const server = await startPostgres()
  const account = { host: server.host, port: server.port, user: server.user, password: server.password }
  const first = new pg.Client({ ...account, database: server.database })
  await first.connect()
  await first.query('CREATE DATABASE mf')
  await first.end()
  const client = new pg.Client({ ...account, database: 'mf', types })
  await client.connect()
  const temporary = mkdtempSync(join(tmpdir(), 'plumb-suite-'))
  chmodSync(temporary, 0o755)
  try {
    await client.query("SET TimeZone = 'UTC'")
    await client.query('CREATE SCHEMA main')
    for (const statement of loadStatements(folder, temporary)) await client.query(statement)
    await client.query('ANALYZE')
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
  return {
    output: { ...server.output, dbname: 'mf', schema: 'main', database: undefined },
    ask: async (sql) => {
      const result = await client.query({ text: sql, rowMode: 'array' })
      return { columns: result.fields.map((field) => field.name), rows: result.rows }
    },
    stop: async () => {
      await client.end()
      await server.stop()
    },
  }
}

/** The statements of load.sql as PostgreSQL takes them; its data files are copied to where the server may read. */
function loadStatements(folder: string, temporary: string): string[] {
  const script = readFileSync(join(folder, 'load.sql'), 'utf8').replaceAll(/^--.*$/gm, '')
  return script
    .split(/;\s*\n/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
    .map((statement) => {
      const copy = /^COPY (\S+) FROM '(data\/([^']+))' /.exec(statement)
      if (copy === null) {
        return statement
          .replace('CREATE OR REPLACE TABLE', 'CREATE TABLE')
          .replaceAll(/\bDOUBLE\b/g, 'DOUBLE PRECISION')
          .replaceAll(/\bTIMESTAMP_NS\b/g, 'TIMESTAMP')
      }
      const file = join(temporary, copy[3]!)
      writeFileSync(file, readFileSync(join(folder, copy[2]!)), { mode: 0o644 })
      return `COPY ${copy[1]} FROM '${file}' (FORMAT csv, HEADER, NULL '\\N')`
    })
}
