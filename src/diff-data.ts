import type { Connection } from './adapters/adapter.js'
import { PlumbError } from './core/diagnostic.js'
import { findMovement, keyOf, numberOf } from './diff-breakdown.js'
import { type DataChange, hasMoved } from './lineage/index.js'
import type { Manifest, ManifestNode } from './manifest/index.js'
import type { ProjectDiff } from './project-diff.js'
import {
  buildSemanticManifest,
  createSemanticEngine,
  DIALECT_NAMES,
  type DialectName,
  type SemanticEngine,
} from './semantic/index.js'
import type { Workspace } from './workspace.js'

/**
 * What is in the tables of both states: rows of every table that changed, and the value of every metric. Both are read
 * from the project's warehouse; a table that is the same one in both states has nothing to compare.
 */
export async function compareData(workspace: Workspace, { impact, before, after }: ProjectDiff): Promise<DataChange[]> {
  const adapter = await workspace.adapter()
  const connection = await adapter.connect('diff')
  const changes: DataChange[] = []
  try {
    for (const { id, change } of impact.resources) {
      const now = after.nodes[id]
      const then = before.nodes[id]
      if (change === 'added' || change === 'removed' || !isTable(now) || !isTable(then)) continue
      changes.push(await compareRows(connection, then, now))
    }
    changes.push(...(await compareMetrics(connection, dialectOf(adapter.plugin), before, after)))
  } finally {
    await connection.release()
  }
  return changes
}

function dialectOf({ type, parent }: { readonly type: string; readonly parent?: string }): DialectName {
  return [type, parent].find((name): name is DialectName => DIALECT_NAMES.includes(name as DialectName)) ?? 'duckdb'
}

function isTable(node: ManifestNode | undefined): node is ManifestNode & { relation_name: string } {
  return (
    node !== undefined &&
    typeof node.relation_name === 'string' &&
    node.config.materialized !== 'ephemeral' &&
    node.resource_type !== 'test'
  )
}

async function compareRows(
  connection: Connection,
  then: ManifestNode & { relation_name: string },
  now: ManifestNode & { relation_name: string },
): Promise<DataChange> {
  const base = { name: now.name, kind: 'rows' as const }
  if (then.relation_name === now.relation_name) {
    return {
      ...base,
      before: null,
      after: null,
      reason: `both states build ${now.relation_name}: build one of them elsewhere`,
    }
  }
  const [before, after] = [await count(connection, then.relation_name), await count(connection, now.relation_name)]
  if (before === undefined || after === undefined) {
    const missing = before === undefined ? then.relation_name : now.relation_name
    return { ...base, before: null, after: null, reason: `${missing} cannot be read` }
  }
  return { ...base, before, after }
}

function count(connection: Connection, relation: string): Promise<number | undefined> {
  return one(connection, `select count(*) from ${relation}`)
}

/** The only value of a query; undefined when it cannot be run. */
async function one(connection: Connection, sql: string): Promise<number | undefined> {
  try {
    const { data } = await connection.execute(sql, { fetch: true })
    return numberOf(data[0]?.[0])
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    return undefined
  }
}

async function compareMetrics(
  connection: Connection,
  dialect: DialectName,
  before: Manifest,
  after: Manifest,
): Promise<DataChange[]> {
  const engines = [before, after].map((manifest) => createSemanticEngine(buildSemanticManifest(manifest), { dialect }))
  const [old, current] = engines as [SemanticEngine, SemanticEngine]
  const changes: DataChange[] = []
  for (const { name } of Object.values(after.metrics)) {
    const now = await total(connection, current, name)
    const then = Object.values(before.metrics).some((metric) => metric.name === name)
      ? await total(connection, old, name)
      : null
    if (typeof now === 'string' || typeof then === 'string') {
      const last = then === null ? undefined : await lastDay(connection, old, current, name)
      if (last !== undefined) {
        changes.push({ name, kind: 'metric', ...last })
        continue
      }
      changes.push({
        name,
        kind: 'metric',
        before: null,
        after: null,
        reason: String(typeof now === 'string' ? now : then),
      })
    } else {
      const whole = { before: then ?? 0, after: now }
      const moved =
        then !== null && hasMoved(whole)
          ? await findMovement({ name, connection, before: old, after: current, whole })
          : undefined
      changes.push({ name, kind: 'metric', before: then, after: now, ...(moved && { moved }) })
    }
  }
  return changes
}

/** A metric that has only values in time (running totals, growth): on the last day that both states know. */
async function lastDay(
  connection: Connection,
  before: SemanticEngine,
  after: SemanticEngine,
  metric: string,
): Promise<{ at: string; before: number; after: number } | undefined> {
  const then = await byDay(connection, before, metric)
  const now = await byDay(connection, after, metric)
  const at = [...(then?.keys() ?? [])]
    .filter((day) => now?.has(day))
    .sort()
    .at(-1)
  return at === undefined ? undefined : { at, before: then!.get(at)!, after: now!.get(at)! }
}

/** Its values by day; undefined where it cannot be asked for. */
async function byDay(
  connection: Connection,
  engine: SemanticEngine,
  metric: string,
): Promise<Map<string, number> | undefined> {
  try {
    const { sql, columns } = engine.compile({ metrics: [metric], groupBy: ['metric_time__day'] })
    const { data, rowCount } = await connection.execute(sql, { fetch: true })
    const at = columns.findIndex((column) => column.name === metric)
    const found = new Map<string, number>()
    for (let row = 0; row < rowCount; row++) {
      const day = keyOf(data[at === 0 ? 1 : 0]?.[row])?.slice(0, 10)
      const cell = data[at]?.[row]
      const value = cell === null ? undefined : numberOf(cell)
      if (day !== undefined && value !== undefined) found.set(day, value)
    }
    return found
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    return undefined
  }
}

/** A metric over everything; the reason when it has no single value. */
async function total(connection: Connection, engine: SemanticEngine, metric: string): Promise<number | string> {
  try {
    return (await one(connection, engine.compile({ metrics: [metric] }).sql)) ?? 'its tables cannot be read'
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    return error.first.message.split('\n')[0] ?? 'it cannot be asked for'
  }
}
