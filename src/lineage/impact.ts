import { buildDag, descendantsOf } from '../graph/index.js'
import { findResource, type GraphNode, type Manifest, type ResourceType, type UniqueId } from '../manifest/index.js'
import type { ColumnUse, OutputColumn, SchemaColumn, StatementLineage } from '../sql/analyze/index.js'
import type { ProjectLineage } from './build-lineage.js'
import { usersOf } from './column-changes.js'
import { resourcesOf } from './table-lineage.js'
import { placeKey } from './types.js'

/** A project at one moment, with fingerprints. */
export interface ProjectSide {
  readonly manifest: Manifest
  readonly lineage: ProjectLineage
  readonly columns: ReadonlyMap<UniqueId, readonly SchemaColumn[]>
}

export interface ColumnImpact {
  readonly name: string
  /** `changed`: of the same name and type, but computed in another way. */
  readonly change: 'added' | 'removed' | 'renamed' | 'retyped' | 'changed'
  /** Former name or type. */
  readonly before: string | null
  readonly after: string | null
  /** What still uses it as it was: `unique_id` or `unique_id.column`. */
  readonly usedBy: readonly string[]
}

export interface ResourceImpact {
  readonly id: UniqueId
  readonly name: string
  readonly type: ResourceType
  readonly path: string
  /** `affected`: itself as it was, but something it stands on changed. */
  readonly change: 'added' | 'removed' | 'modified' | 'affected'
  readonly columns: readonly ColumnImpact[]
  /** Other rows than before: a filter, a join, a grouping or a table changed. */
  readonly rows: boolean
  /** What of that could be told: `filtered by model.shop.orders.amount` that is new or gone. */
  readonly rowUses?: { readonly added: readonly string[]; readonly removed: readonly string[] }
  readonly breaking: boolean
  /** It is public or under contract: others may use it whom nobody here sees. */
  readonly promised?: boolean
}

export interface Impact {
  readonly resources: readonly ResourceImpact[]
  readonly breaking: boolean
}

/** What is told of: tests and analyses come along without mention. */
const SHOWN: ReadonlySet<ResourceType> = new Set<ResourceType>([
  ...([
    'model',
    'seed',
    'snapshot',
    'source',
    'semantic_model',
    'metric',
    'saved_query',
    'exposure',
    'function',
  ] as const),
])

/**
 * What a change of code touches: what was added, removed and modified, and everything downstream of the columns and rows
 * that are different.
 * @param modified resources that count as changed by the rules of `state:modified`
 */
export function impactOf(before: ProjectSide, after: ProjectSide, modified: ReadonlySet<UniqueId>): Impact {
  const found = new Map<UniqueId, ResourceImpact>()
  const touched = new Set<UniqueId>()
  for (const resource of resourcesOf(before.manifest)) {
    if (findResource(after.manifest, resource.unique_id) !== undefined) continue
    const promised = isPromised(resource)
    found.set(resource.unique_id, { ...plain(resource, 'removed', promised), ...(promised && { promised }) })
    follow(before, resource.unique_id, null, touched)
  }
  for (const resource of resourcesOf(after.manifest)) {
    const id = resource.unique_id
    const existed = findResource(before.manifest, id) !== undefined
    if (!existed) found.set(id, plain(resource, 'added', false))
    else {
      const impact = compare(before, after, resource)
      const changed = impact.columns.length > 0 || impact.rows
      if (modified.has(id) || (changed && isOwnChange(impact))) found.set(id, impact)
      if (modified.has(id)) spread(before, after, impact, touched)
    }
  }
  for (const id of touched) {
    const resource = findResource(after.manifest, id)
    if (resource !== undefined && !found.has(id)) found.set(id, plain(resource, 'affected', false))
  }
  const resources = [...found.values()].filter(({ type }) => SHOWN.has(type))
  return { resources, breaking: resources.some(({ breaking }) => breaking) }
}

function plain(resource: GraphNode, change: ResourceImpact['change'], breaking: boolean): ResourceImpact {
  const { unique_id: id, name, resource_type: type, original_file_path: path } = resource
  return { id, name, type, path, change, columns: [], rows: false, breaking }
}

/** `select *` over what changed: the columns are others though the SQL is not. */
function isOwnChange({ columns }: ResourceImpact): boolean {
  return columns.some(({ change }) => change !== 'changed')
}

function compare(before: ProjectSide, after: ProjectSide, resource: GraphNode): ResourceImpact {
  const id = resource.unique_id
  const then = before.lineage.statements.get(id)
  const now = after.lineage.statements.get(id)
  const base = plain(resource, 'modified', false)
  if (then === undefined || now === undefined || then.level !== 'column' || now.level !== 'column') return base
  const columns = compareColumns(before, after, id, byName(then.columns), byName(now.columns))
  const gone = columns.filter(({ change }) => change === 'removed' || change === 'renamed' || change === 'retyped')
  const promised = gone.length > 0 && isPromised(resource)
  const breaking = promised || gone.some(({ usedBy }) => usedBy.length > 0)
  const rows = then.rowsPrint !== now.rowsPrint
  return {
    ...base,
    columns,
    rows,
    ...(rows && { rowUses: compareRows(then, now) }),
    breaking,
    ...(promised && { promised }),
  }
}

/** Columns and tables that decide which rows there are, in one of the two only. */
function compareRows(then: StatementLineage, now: StatementLineage) {
  const [old, current] = [then, now].map(
    ({ rows, tables }) =>
      new Set([
        ...tables.map(({ table }) => `reads ${table}`),
        ...rows.map(({ use, table, column }) => `${ROW_USES[use] ?? use} ${table}.${column}`),
      ]),
  ) as [Set<string>, Set<string>]
  return {
    added: [...current].filter((each) => !old.has(each)),
    removed: [...old].filter((each) => !current.has(each)),
  }
}

const ROW_USES: Partial<Record<ColumnUse, string>> = {
  filtered: 'filtered by',
  joined: 'joined on',
  grouped: 'grouped by',
  partitioned: 'partitioned by',
  ordered: 'ordered by',
}

function byName(columns: readonly OutputColumn[]): Map<string, OutputColumn> {
  return new Map(columns.flatMap((column) => (column.name === null ? [] : [[column.name.toLowerCase(), column]])))
}

function compareColumns(
  before: ProjectSide,
  after: ProjectSide,
  id: UniqueId,
  then: ReadonlyMap<string, OutputColumn>,
  now: ReadonlyMap<string, OutputColumn>,
): ColumnImpact[] {
  const typeOf = (side: ProjectSide, name: string) =>
    side.columns.get(id)?.find((column) => column.name.toLowerCase() === name)?.type ?? null
  const added = [...now].filter(([name]) => !then.has(name))
  const impacts: ColumnImpact[] = []
  for (const [name, old] of then) {
    const usedBy = (): string[] => missing(before, after, id, old.name ?? name)
    const current = now.get(name)
    if (current === undefined) {
      const at = added.findIndex(([, column]) => column.print === old.print && old.sources.length > 0)
      const [renamed] = at === -1 ? [] : added.splice(at, 1)
      const to = renamed?.[1].name ?? null
      impacts.push({
        name: old.name ?? name,
        change: to === null ? 'removed' : 'renamed',
        before: old.name,
        after: to,
        usedBy: usedBy(),
      })
      continue
    }
    const [was, is] = [typeOf(before, name), typeOf(after, name)]
    if (was !== null && is !== null && was !== is)
      impacts.push({ name: current.name ?? name, change: 'retyped', before: was, after: is, usedBy: usedBy() })
    else if (current.print !== old.print)
      impacts.push({ name: current.name ?? name, change: 'changed', before: null, after: null, usedBy: [] })
  }
  for (const [name, column] of added)
    impacts.push({ name: column.name ?? name, change: 'added', before: null, after: typeOf(after, name), usedBy: [] })
  return impacts
}

/** Who used the column and is still as it was: an exposure, a metric, or SQL that names it. */
function missing(before: ProjectSide, after: ProjectSide, id: UniqueId, column: string): string[] {
  const still = usersOf(after.lineage.graph, { node: id, column }).map(({ place }) => place)
  // An exposure reads the table itself; which columns it shows nobody knows.
  const shown = before.lineage.graph
    .childrenOf({ node: id, column: null })
    .filter(({ to }) => after.manifest.exposures[to.node] !== undefined)
    .map(({ to }) => to)
  return [...new Set([...still, ...shown].map(placeKey))]
}

/** Public models and those with a contract are promised to others, whom nobody here sees. */
function isPromised(resource: GraphNode): boolean {
  return (
    resource.resource_type === 'model' && (resource.access === 'public' || resource.config.contract?.enforced === true)
  )
}

/** Marks what lies downstream of a change: of single columns where only those changed. */
function spread(before: ProjectSide, after: ProjectSide, impact: ResourceImpact, touched: Set<UniqueId>): void {
  const different = impact.columns.filter(({ change }) => change !== 'added')
  if (impact.rows || impact.columns.length === 0) follow(after, impact.id, null, touched)
  for (const { name, change } of different) {
    if (change === 'removed' || change === 'renamed') follow(before, impact.id, name, touched)
    if (change !== 'removed')
      follow(
        after,
        impact.id,
        change === 'renamed' ? (different.find((each) => each.name === name)?.after ?? name) : name,
        touched,
      )
  }
}

function follow(
  { manifest, lineage: { graph } }: ProjectSide,
  node: UniqueId,
  column: string | null,
  touched: Set<UniqueId>,
): void {
  if (column === null) {
    for (const id of descendantsOf(buildDag(manifest), [node])) touched.add(id)
    return
  }
  for (const each of usersOf(graph, { node, column })) touched.add(each.node.id)
}
