import type { Manifest, TestNode, UniqueId } from '../manifest/index.js'
import type { LineageInput } from './input.js'
import { ephemeralBoundaries, type Statements } from './statements.js'
import type { LineageEdge, LineageNode } from './types.js'

/** Which columns each data test looks at: from its YAML, of singular tests from their SQL. */
export async function testLineage(
  input: LineageInput,
  columnsOf: (id: UniqueId) => readonly string[],
  statements: Statements,
): Promise<{ nodes: LineageNode[]; edges: LineageEdge[] }> {
  const nodes: LineageNode[] = []
  const edges: LineageEdge[] = []
  for (const node of Object.values(input.manifest.nodes)) {
    if (node.resource_type !== 'test') continue
    const found =
      node.test_metadata === undefined ? await ofSql(input, node, statements) : ofYaml(input.manifest, node, columnsOf)
    nodes.push({
      id: node.unique_id,
      name: node.name,
      type: 'test',
      level: found === undefined ? 'table' : 'column',
      reason: found === undefined ? 'its columns could not be told' : null,
      columns: [],
    })
    edges.push(...(found ?? []))
  }
  return { nodes, edges }
}

/** `column_name`, `field` of relationships, and every argument that names a column of the tested model. */
function ofYaml(
  manifest: Manifest,
  node: TestNode & { test_metadata: { kwargs: Record<string, unknown> } },
  columnsOf: (id: UniqueId) => readonly string[],
): LineageEdge[] | undefined {
  const to = { node: node.unique_id, column: null }
  const tested = node.attached_node ?? node.depends_on.nodes.at(-1)
  if (tested === undefined || tested === null) return undefined
  const { model: _model, to: _to, ...kwargs } = node.test_metadata.kwargs
  const words = new Set(wordsOf(kwargs).map((word) => word.toLowerCase()))
  const places = columnsOf(tested).flatMap((column) =>
    words.has(column.toLowerCase()) ? [{ node: tested, column }] : [],
  )
  if (places.length === 0 && node.column_name !== null) {
    places.push({ node: tested, column: node.column_name.replaceAll('"', '') })
  }
  const field = kwargs['field']
  const other = node.depends_on.nodes.find((id) => id !== tested && manifest.nodes[id] !== undefined)
  if (typeof field === 'string' && other !== undefined) {
    const column = columnsOf(other).find((name) => name.toLowerCase() === field.toLowerCase())
    if (column !== undefined) places.push({ node: other, column })
  }
  return places.length === 0 ? undefined : places.map((from) => ({ from, to, kind: 'tests' }))
}

function wordsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(wordsOf)
}

async function ofSql(input: LineageInput, node: TestNode, statements: Statements): Promise<LineageEdge[] | undefined> {
  const compiled = input.compiled.get(node.unique_id)
  if (compiled === undefined || 'reason' in compiled) return undefined
  const boundaries = ephemeralBoundaries(input.manifest, node)
  const found = await statements.analyze({ id: node.unique_id, sql: compiled.sql, boundaries })
  if (found.level !== 'column') return undefined
  const to = { node: node.unique_id, column: null }
  const used = new Map<string, LineageEdge>()
  for (const { table, column } of [...found.columns.flatMap(({ sources }) => sources), ...found.rows])
    used.set(`${table}.${column}`, { from: { node: table, column }, to, kind: 'tests' })
  return [...used.values()]
}
