import type { Dialect } from '../../adapters/adapter.js'
import type { ColumnDescription } from '../../adapters/column.js'
import type { Manifest, UniqueId } from '../../manifest/index.js'
import type { Caller, Explanation, Visible } from '../types.js'
import { includes } from './audience.js'
import { tablesOf } from './names.js'
import type { MaskForm, PolicySet } from './policy.js'
import { predicateFor } from './predicate.js'
import { isCleared } from './taint.js'
import { allResources, visibleResources } from './visible-resources.js'

export type Predicate = Explanation['predicates'][number]

/** What one caller gets of one table. */
export interface Narrowing {
  readonly filters: readonly Predicate[]
  /** Masked columns in lower case (`*`: all but the cleared ones), with what is seen in their place. */
  readonly masked: ReadonlyMap<string, { readonly form: MaskForm; readonly policy: string }>
  /** Columns the author has cleared by name, in lower case. */
  readonly cleared: ReadonlySet<string>
}

/** The rules as they are for one caller. */
export interface CallerRules {
  readonly visible: Visible
  seesMetric(name: string): boolean
  /** May the caller ask for the table's rows. */
  seesTable(id: UniqueId): boolean
  /** May metrics that the caller sees be grouped and filtered by what is in this table: not if it is another group's own. */
  reaches(id: UniqueId): boolean
  narrowing(id: UniqueId): Narrowing | undefined
}

/** Works out what a caller may see. The owner may see everything. */
export function rulesFor(caller: Caller, policies: PolicySet, manifest: Manifest, dialect: Dialect): CallerRules {
  const tables = tablesOf(manifest)
  const metrics = Object.values(manifest.metrics)
  let everything: ReadonlySet<UniqueId> | undefined
  if (caller.owner) {
    return {
      visible: {
        metrics: new Set(metrics.map((metric) => metric.name)),
        models: new Set(tables.filter(isPublished).map((table) => table.unique_id)),
        get resources() {
          return (everything ??= new Set([
            ...Object.keys(manifest.nodes),
            ...allResources(manifest).map((node) => node.unique_id),
          ]))
        },
        masked: new Set(),
      },
      seesMetric: () => true,
      seesTable: () => true,
      reaches: () => true,
      narrowing: () => undefined,
    }
  }
  const grants = policies.grants.filter((grant) => includes(grant.to, caller))
  const inGroup = (group: string | null | undefined): boolean => group != null && caller.groups.includes(group)
  const byId = new Map(tables.map((table) => [table.unique_id, table]))
  const isPrivate = (id: UniqueId): boolean => {
    const table = byId.get(id)
    if (table === undefined || !('access' in table) || table.access !== 'private') return false
    return !inGroup(table.group)
  }
  const seen = tables.filter((table) => {
    if (isPrivate(table.unique_id)) return false
    return ('group' in table && inGroup(table.group)) || grants.some((grant) => grant.models.has(table.unique_id))
  })
  const models = new Set(seen.map((table) => table.unique_id))
  const visibleMetrics = metrics.filter(
    (metric) => inGroup(metric.group) || grants.some((grant) => grant.metrics.has(metric.name.toLowerCase())),
  )
  const metricNames = new Set(visibleMetrics.map((metric) => metric.name.toLowerCase()))
  const filters = policies.filters.filter((filter) => !includes(filter.unless, caller))
  const masks = policies.masks.filter((mask) => !includes(mask.unless, caller))

  const narrowing = (id: UniqueId): Narrowing | undefined => {
    const table = byId.get(id)
    if (table === undefined) return undefined
    const relation = table.relation_name ?? id
    const predicates = filters
      .filter((filter) => filter.on.has(id))
      .map((filter) => ({ relation, policy: filter.name, predicate: predicateFor(filter.predicate, caller, dialect) }))
    const masked = new Map<string, { form: MaskForm; policy: string }>()
    for (const mask of masks) {
      for (const column of mask.columns.get(id) ?? []) {
        // Of two masks the one that shows nothing counts.
        if (masked.get(column)?.form !== 'null') masked.set(column, { form: mask.form, policy: mask.name })
      }
    }
    if (predicates.length === 0 && masked.size === 0) return undefined
    const cleared = Object.values(table.columns).filter(isCleared)
    return { filters: predicates, masked, cleared: new Set(cleared.map((column) => column.name.toLowerCase())) }
  }
  const maskedNames = tables.flatMap(({ unique_id }) => {
    const found = narrowing(unique_id)?.masked ?? new Map<string, unknown>()
    return [...found.keys()].map((column) => `${unique_id}.${column}`)
  })
  const shownMetrics = new Set(visibleMetrics.map((metric) => metric.name))
  const shownTables = new Set(seen.filter(isPublished).map((table) => table.unique_id))
  return {
    visible: {
      metrics: shownMetrics,
      models: shownTables,
      get resources() {
        return (everything ??= visibleResources(manifest, shownMetrics, shownTables))
      },
      masked: new Set(maskedNames),
    },
    seesMetric: (name) => metricNames.has(name.toLowerCase()),
    seesTable: (id) => models.has(id),
    reaches: (id) => !isPrivate(id),
    narrowing,
  }
}

function isPublished(table: { readonly relation_name: string | null; readonly config?: object }): boolean {
  return table.relation_name !== null && table.relation_name !== undefined
}

/**
 * What stands in FROM in place of a table's name: a sub-select with the caller's rows, then their columns with masks
 * over them. `columns` are needed where there are masks.
 */
export function narrowedRelation(
  relation: string,
  narrowing: Narrowing,
  columns: readonly ColumnDescription[] | undefined,
  dialect: Dialect,
): string {
  const where = narrowing.filters.map(({ predicate }) => predicate).join(' AND ')
  const rows = where === '' ? relation : `(SELECT * FROM ${relation} WHERE ${where}) AS permitted`
  if (narrowing.masked.size === 0) return `(SELECT * FROM ${relation} WHERE ${where})`
  const list = (columns ?? []).map((column) => {
    const name = dialect.quoteIdentifier(column.name)
    const mask = maskOf(column.name.toLowerCase(), narrowing)
    return mask === undefined ? name : `${maskedValue(name, column, mask, dialect)} AS ${name}`
  })
  return `(SELECT ${list.join(', ')} FROM ${rows})`
}

/** Which mask lies over a column, if any. */
export function maskOf(column: string, { masked, cleared }: Narrowing) {
  return masked.get(column) ?? (cleared.has(column) ? undefined : masked.get('*'))
}

/** Never true, and of the column's own type: so everything around it means the same. */
function maskedValue(name: string, column: ColumnDescription, { form }: { form: MaskForm }, dialect: Dialect): string {
  if (form === 'stars' && dialect.isString(column.dataType)) return `CASE WHEN ${name} IS NULL THEN NULL ELSE '***' END`
  return `CASE WHEN 1 = 0 THEN ${name} END`
}
