import { extname, relative, resolve } from 'node:path'
import type { Adapter, Connection } from '../../adapters/adapter.js'
import { fail } from '../../core/diagnostic.js'
import type { SavedQueryNode } from '../../manifest/index.js'
import type { SavedQueryExport } from '../../manifest/semantic-manifest.js'
import type { SemanticEngine } from '../../semantic/index.js'
import { formatOfFile, writeAnswer } from '../answers/write-answer.js'

/** Where exports go and what they are asked of. */
export interface ExportPlace {
  readonly engine: Pick<SemanticEngine, 'compile'>
  readonly adapter: Adapter
  /** Absolute; paths of files begin here. */
  readonly projectRoot: string
  /** Only exports of this name, or files of this path. */
  readonly only?: readonly string[]
}

/** One export that was written. */
export interface Exported {
  readonly name: string
  readonly kind: string
  readonly target: string
  readonly rows: number | null
}

/**
 * Writes the exports of a saved query: tables and views of its `exports:`, and the files that
 * `config.meta.export_files` lists. What was there is replaced in one transaction, files at once.
 * @throws PlumbError when the query or one of its exports cannot be made
 */
export async function exportSavedQuery(saved: SavedQueryNode, place: ExportPlace): Promise<Exported[]> {
  const chosen = (name: string) => place.only === undefined || place.only.length === 0 || place.only.includes(name)
  const exports = (saved.exports as unknown as readonly SavedQueryExport[]).filter(({ name }) => chosen(name))
  const files = filesOf(saved).filter(chosen)
  if (exports.length === 0 && files.length === 0) return []
  const { sql } = place.engine.compile({ savedQuery: saved.name })
  const connection = await place.adapter.connect(`export.${saved.name}`)
  try {
    const done: Exported[] = []
    for (const each of exports) done.push(await exportRelation(each, sql, connection, place.adapter))
    if (files.length === 0) return done
    const result = await connection.execute(sql, { fetch: true })
    for (const path of files) {
      const target = resolve(place.projectRoot, path)
      await writeAnswer(result, formatOfFile(path), target)
      done.push({
        name: path,
        kind: extname(path).slice(1),
        target: relative(place.projectRoot, target),
        rows: result.rowCount,
      })
    }
    return done
  } finally {
    await connection.release()
  }
}

/** Whether a saved query has anything to export. */
export function hasExports(saved: SavedQueryNode): boolean {
  return saved.exports.length > 0 || filesOf(saved).length > 0
}

/** `config.meta.export_files`: a place that dbt passes over. */
function filesOf(saved: SavedQueryNode): readonly string[] {
  const files = saved.config.meta?.['export_files']
  if (files === undefined || files === null) return []
  if (Array.isArray(files) && files.every((path): path is string => typeof path === 'string')) return files
  return fail('semantic', 'export-files', `In saved query ${saved.name}, export_files must be a list of paths.`, {
    hint: 'meta: {export_files: [exports/weekly.xlsx, exports/weekly.parquet]}',
  })
}

async function exportRelation(
  { name, config }: SavedQueryExport,
  sql: string,
  connection: Connection,
  { introspect, plugin, credentials }: Adapter,
): Promise<Exported> {
  const quote = (part: string) => plugin.dialect.quoteIdentifier(part)
  const { schema_name: schema, database = null } = config
  if (schema === null || schema === undefined) fail('semantic', 'export-schema', `The export '${name}' has no schema.`)
  const alias = config.alias ?? name
  const place = [...(database === null ? [] : [database]), schema].map(quote).join('.')
  const target = `${place}.${quote(alias)}`
  // Not every warehouse lets one say in which database a schema is to be made.
  const ownSchema = database === credentials.database ? quote(schema) : place
  const existing = (await introspect.listRelations(connection, database, schema)).find((r) => r.identifier === alias)
  await connection.begin()
  try {
    await connection.execute(`create schema if not exists ${ownSchema}`)
    if (existing !== undefined) await connection.execute(`drop ${existing.type ?? 'table'} ${target}`)
    await connection.execute(`create ${config.export_as} ${target} as\n${sql}`)
    await connection.commit()
  } catch (error) {
    await connection.rollback()
    throw error
  }
  return { name, kind: config.export_as, target, rows: null }
}
