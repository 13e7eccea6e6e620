import { describeSubject, type TemplateSession } from '../../context/index.js'
import { type Diagnostic, diagnostic } from '../../core/diagnostic.js'
import { findResource, type GraphNode, type ManifestNode, type UniqueId } from '../../manifest/index.js'
import { isSystemTable, writtenTables } from '../../sql/analyze/index.js'
import { templatePlace } from '../span-map.js'
import type { CompileOutcome } from './compile-all.js'

/** Tables that SQL names itself, where `ref()` or `source()` would tell the graph of them: at the template's line. */
export function hardCodedTables(
  session: TemplateSession,
  nodes: Iterable<GraphNode>,
  compiled: ReadonlyMap<UniqueId, CompileOutcome>,
): Diagnostic[] {
  const names = namesOfProject(session)
  const problems: Diagnostic[] = []
  for (const node of nodes) {
    const outcome = compiled.get(node.unique_id)
    if (outcome?.kind !== 'sql' || !('raw_code' in node)) continue
    const { rendered } = outcome.compiled
    const reads = 'depends_on' in node && 'nodes' in node.depends_on ? node.depends_on.nodes : []
    const declared = new Set<string>([node.unique_id, ...reads])
    const told = new Set<string>()
    for (const { parts, start, end } of writtenTables(rendered)) {
      const key = keyOf(parts)
      const ids = names.get(key) ?? []
      const name = parts.join('.')
      if (ids.some((id) => declared.has(id)) || told.has(key) || isSystemTable(name)) continue
      told.add(key)
      problems.push(
        diagnostic('compilation', 'hard-coded-table', `${rendered.slice(start, end)} is written out in the SQL`, {
          severity: 'warning',
          nodeId: node.unique_id,
          subject: describeSubject(node as ManifestNode),
          at: templatePlace(node as ManifestNode, rendered, start, end - start),
          hint: hintFor(ids[0] === undefined ? undefined : findResource(session.manifest, ids[0])),
        }),
      )
    }
  }
  return problems
}

function hintFor(resource: GraphNode | undefined): string {
  if (resource === undefined) return 'declare it as a source, and use source(): then it is part of the graph'
  return resource.resource_type === 'source'
    ? `{{ source('${resource.source_name}', '${resource.name}') }} is the same table, as part of the graph`
    : `{{ ref('${resource.name}') }} is the same table, as part of the graph`
}

/** Resources by their names in SQL, whole and without the database. */
function namesOfProject({ manifest }: TemplateSession): Map<string, UniqueId[]> {
  const names = new Map<string, UniqueId[]>()
  const add = (id: UniqueId, ...parts: readonly (string | null | undefined)[]): void => {
    const given = parts.filter((part): part is string => !!part)
    for (const key of new Set([keyOf(given), keyOf(given.slice(-2))])) names.set(key, [...(names.get(key) ?? []), id])
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
