import { createHash } from 'node:crypto'
import type { GraphNode, Manifest, UniqueId } from '../manifest/index.js'
import {
  createAnalyzer,
  createTableSchema,
  type SchemaTable,
  type SqlAnalyzer,
  type StatementLineage,
  type StatementToAnalyze,
} from '../sql/analyze/index.js'
import type { LineageInput } from './input.js'

/** Counts up when the same statement would give another answer. */
const ANALYZER_VERSION = 4

/** Statements asked one after another; each may read the tables told before it. */
export interface Statements {
  analyze(statement: StatementToAnalyze): Promise<StatementLineage>
  tell(table: SchemaTable): void
  /** How many had to be read anew. */
  readonly parsed: number
  close(): Promise<void>
}

/** An analyzer behind a cache: what was asked before, of tables with the same columns, is not parsed again. */
export function createStatements(input: LineageInput): Statements {
  const tables = createTableSchema([])
  const hashes = new Map<string, string>()
  /** By name: one table may have several. */
  const told = new Map<string, string>()
  let untold: SchemaTable[] = []
  let analyzer: SqlAnalyzer | undefined
  let parsed = 0
  /** A table that was not known counts as long as nothing goes by its name. */
  const inputsHash = ({ tables: read }: StatementLineage): string =>
    digest(
      read
        .map(
          ({ table, known }) => `${table}=${(known ? hashes.get(table) : tables.find(table.split('.'))?.key) ?? '?'}`,
        )
        .join('\n'),
    )
  return {
    get parsed() {
      return parsed
    },
    tell(table) {
      const text = JSON.stringify([table.columns, table.partial])
      const name = JSON.stringify([table.key, table.name])
      if (told.get(name) === text) return
      told.set(name, text)
      tables.add(table)
      hashes.set(table.key, text)
      untold.push(table)
    },
    async analyze(statement) {
      const sql = statement.fingerprints === true ? statement.sql : (input.stable?.(statement.sql) ?? statement.sql)
      const key = digest(JSON.stringify([ANALYZER_VERSION, input.dialect, { ...statement, id: '', sql }]))
      const cached = input.cache?.get(key)
      if (cached !== undefined && cached.inputs === inputsHash(cached.lineage)) return cached.lineage
      analyzer ??= createAnalyzer({
        dialect: input.dialect,
        brief: input.brief === true,
        ...(input.timeLimit && { timeLimit: input.timeLimit }),
      })
      const known = untold
      untold = []
      parsed++
      const lineage = await analyzer.analyze(statement, known)
      input.cache?.set(key, { lineage, inputs: inputsHash(lineage) })
      return lineage
    },
    close: async () => analyzer?.close(),
  }
}

function digest(text: string): string {
  return createHash('sha1').update(text).digest('base64url')
}

/** The words of a resource's name in SQL; undefined for what is no table. */
export function tableName(resource: GraphNode): readonly string[] | undefined {
  switch (resource.resource_type) {
    case 'model':
    case 'seed':
    case 'snapshot':
      return [resource.database, resource.schema, resource.alias].filter((part): part is string => !!part)
    case 'source':
      return [resource.database, resource.schema, resource.identifier].filter((part): part is string => !!part)
    default:
      return undefined
  }
}

/** CTEs of a node that stand for ephemeral models, by name. */
export function ephemeralBoundaries(manifest: Manifest, resource: GraphNode): Record<string, UniqueId> {
  const found: Record<string, UniqueId> = {}
  if (!('extra_ctes' in resource)) return found
  for (const { id, sql } of resource.extra_ctes ?? []) {
    const name = /^\s*([^\s(]+)\s+as\s*\(/.exec(sql)?.[1]
    if (name !== undefined && manifest.nodes[id] !== undefined) found[name.replaceAll('"', '')] = id
  }
  return found
}
