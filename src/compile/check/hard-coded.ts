import type { TableInSql } from '../../adapters/adapter.js'
import { describeSubject, type TemplateSession } from '../../context/index.js'
import { type Diagnostic, diagnostic } from '../../core/diagnostic.js'
import { findResource, type GraphNode, type Manifest, type ManifestNode, type UniqueId } from '../../manifest/index.js'
import { isSystemTable, writtenTables } from '../../sql/analyze/index.js'
import { templatePlace } from '../span-map.js'
import type { CompileOutcome } from './compile-all.js'

/** Tables that a statement reads, by its grammar; undefined where it cannot be parsed. */
export type TablesIn = (sql: string) => Promise<readonly TableInSql[] | undefined>

/**
 * Tables that SQL names itself, where `ref()` or `source()` would tell the graph of them: at the template's line. The
 * words of a statement say whether there may be any; only then its grammar is asked.
 */
export async function hardCodedTables(
  session: TemplateSession,
  nodes: Iterable<GraphNode>,
  compiled: ReadonlyMap<UniqueId, CompileOutcome>,
  tablesIn: TablesIn,
): Promise<Diagnostic[]> {
  const names = namesOfProject(session)
  const problems: Diagnostic[] = []
  for (const node of nodes) {
    const outcome = compiled.get(node.unique_id)
    if (outcome?.kind !== 'sql' || !('raw_code' in node)) continue
    const { rendered } = outcome.compiled
    const reads = 'depends_on' in node && 'nodes' in node.depends_on ? node.depends_on.nodes : []
    const declared = new Set<string>([node.unique_id, ...reads])
    const told = new Set<string>()
    for (const { parts, at, length } of await undeclared(rendered, names, declared, tablesIn)) {
      const key = keyOf(parts)
      if (told.has(key)) continue
      told.add(key)
      const resource = resourceOf(session.manifest, names.get(key))
      const written = at === undefined ? parts.join('.') : rendered.slice(at, at + length)
      problems.push(
        diagnostic('compilation', 'hard-coded-table', `${written} is written out in the SQL`, {
          severity: 'warning',
          nodeId: node.unique_id,
          subject: describeSubject(node as ManifestNode),
          ...(at !== undefined && { at: templatePlace(node as ManifestNode, rendered, at, length) }),
          hint: hintFor(resource),
        }),
      )
    }
  }
  return problems
}

interface Written {
  readonly parts: readonly string[]
  readonly at: number | undefined
  readonly length: number
}

/** Tables in a statement that nothing of its node's own references stands for. */
async function undeclared(
  rendered: string,
  names: ReadonlyMap<string, readonly UniqueId[]>,
  declared: ReadonlySet<string>,
  tablesIn: TablesIn,
): Promise<Written[]> {
  const isOpen = ({ parts }: { readonly parts: readonly string[] }): boolean =>
    !names.get(keyOf(parts))?.some((id) => declared.has(id)) &&
    !isSystemTable(parts.join('.')) &&
    !parts.at(-1)!.startsWith(EPHEMERAL)
  const words = writtenTables(rendered, { bare: true }).filter(isOpen)
  if (words.length === 0) return []
  const read = await tablesIn(rendered)
  if (read === undefined)
    return words
      .filter(({ parts }) => parts.length > 1)
      .map(({ parts, start, end }) => ({ parts, at: start, length: end - start }))
  return read.filter(isOpen).flatMap(({ parts, at }): Written[] => {
    const key = keyOf(parts)
    const place =
      words.find(({ start, end }) => at !== undefined && start <= at && at < end) ??
      words.find((word) => keyOf(word.parts) === key)
    // A file that is read by its name is no table that could be declared in another way.
    if (place === undefined && at !== undefined && rendered[at] === "'") return []
    return [{ parts, at: place?.start ?? at, length: place === undefined ? 1 : place.end - place.start }]
  })
}

/** How the CTEs of ephemeral models are called. */
const EPHEMERAL = '__dbt__cte__'

function resourceOf(manifest: Manifest, ids: readonly UniqueId[] = []): GraphNode | undefined {
  return ids[0] === undefined ? undefined : findResource(manifest, ids[0])
}

function hintFor(resource: GraphNode | undefined): string {
  if (resource === undefined) return 'declare it as a source, and use source(): then it is part of the graph'
  return resource.resource_type === 'source'
    ? `{{ source('${resource.source_name}', '${resource.name}') }} is the same table, as part of the graph`
    : `{{ ref('${resource.name}') }} is the same table, as part of the graph`
}

/** Resources by their names in SQL: whole, without the database, and alone where that is the target's own schema. */
function namesOfProject({ manifest, credentials }: TemplateSession): Map<string, UniqueId[]> {
  const names = new Map<string, UniqueId[]>()
  const add = (id: UniqueId, ...parts: readonly (string | null | undefined)[]): void => {
    const given = parts.filter((part): part is string => !!part)
    const own = parts.at(-2)?.toLowerCase() === credentials.schema?.toLowerCase()
    for (const key of new Set([keyOf(given), keyOf(given.slice(-2)), ...(own ? [keyOf(given.slice(-1))] : [])]))
      names.set(key, [...(names.get(key) ?? []), id])
  }
  for (const source of Object.values(manifest.sources))
    add(source.unique_id, source.database, source.schema, source.identifier)
  for (const node of Object.values(manifest.nodes)) {
    if (!TABLES.has(node.resource_type)) continue
    add(node.unique_id, node.database, node.schema, node.alias)
    const other = 'defer_relation' in node ? node.defer_relation : undefined
    if (other) add(node.unique_id, other.database, other.schema, other.alias)
  }
  return names
}

const TABLES = new Set(['model', 'seed', 'snapshot'])

function keyOf(parts: readonly string[]): string {
  return parts.join('\u0000').toLowerCase()
}
