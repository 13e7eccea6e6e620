import type { LineageGraph } from '../../lineage/index.js'
import { VALUE_KINDS } from '../../lineage/index.js'
import type { ColumnInfo, Manifest, ManifestNode, SourceDefinition, UniqueId } from '../../manifest/index.js'

/** Columns by table, in lower case; `*` for all of a table's that are not cleared by name. */
export type ColumnSets = Map<UniqueId, Set<string>>

type Table = ManifestNode | SourceDefinition

/** Whether the author says of a column that it is fit to be seen, whatever it is made of (`meta: {plumbline: {mask: false}}`). */
export function isCleared(column: ColumnInfo): boolean {
  return plumblineMeta(column)['mask'] === false
}

/** `meta.plumbline` or `config.meta.plumbline`. */
export function plumblineMeta(thing: {
  readonly meta?: unknown
  readonly config?: { readonly meta?: unknown }
}): Readonly<Record<string, unknown>> {
  for (const meta of [thing.config?.meta, thing.meta]) {
    const found = isRecord(meta) ? meta['plumbline'] : undefined
    if (isRecord(found)) return found
  }
  return {}
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Where the values of `origins` end up: every column of every table that may be computed from them. Columns are
 * followed one by one where the lineage knows them; else by the words of the SQL; and where those do not tell, all
 * columns of the table count as carrying the values.
 */
export function spread(origins: ColumnSets, manifest: Manifest, lineage: LineageGraph | null): ColumnSets {
  const carried: ColumnSets = new Map([...origins].map(([id, columns]) => [id, new Set(columns)]))
  for (const node of inOrder(manifest)) {
    const parents = parentsOf(node).filter((id) => (carried.get(id)?.size ?? 0) > 0)
    if (parents.length === 0) continue
    const found = byLineage(node, carried, lineage) ?? byWords(node, parents, carried)
    for (const column of Object.values(node.columns)) if (isCleared(column)) found.delete(column.name.toLowerCase())
    if (found.size === 0) continue
    const own = carried.get(node.unique_id) ?? new Set()
    for (const column of found) own.add(column)
    carried.set(node.unique_id, own)
  }
  return carried
}

/** Tables whose SQL reads others, each behind those it reads. */
function inOrder(manifest: Manifest): Table[] {
  const sorted: Table[] = []
  const seen = new Set<UniqueId>()
  const visit = (id: UniqueId): void => {
    const node = manifest.nodes[id]
    if (node === undefined || seen.has(id)) return
    seen.add(id)
    for (const parent of parentsOf(node)) visit(parent)
    if (['model', 'snapshot'].includes(node.resource_type)) sorted.push(node)
  }
  for (const id in manifest.nodes) visit(id)
  return sorted
}

function parentsOf(node: Table): readonly UniqueId[] {
  return 'depends_on' in node && 'nodes' in node.depends_on ? node.depends_on.nodes : []
}

function byLineage(node: Table, carried: ColumnSets, lineage: LineageGraph | null): Set<string> | null {
  const known = lineage?.nodes.get(node.unique_id)
  if (lineage === null || known === undefined || known.level !== 'column' || known.columns.length === 0) return null
  const found = new Set<string>()
  for (const { name } of known.columns) {
    const from = lineage.parentsOf({ node: node.unique_id, column: name }).filter(({ kind }) => VALUE_KINDS.has(kind))
    const tainted = from.some(({ from: place }) => {
      const columns = carried.get(place.node)
      if (columns === undefined) return false
      return place.column === null || columns.has('*') || columns.has(place.column.toLowerCase())
    })
    if (tainted) found.add(name.toLowerCase())
  }
  return found
}

/** Jinja that only names other resources or settings: what is left of the text is the SQL itself. */
const PLAIN_JINJA = /\{\{-?\s*(?:ref|source|config|var|this)\b[^}]*\}\}|\{#[\s\S]*?#\}/g

/** SQL that takes whole rows without a star or a column's name: DuckDB's `from t`, rows as JSON or structs, pivots. */
const WHOLE_ROWS =
  /^\s*(?:from|table|with\b[\s\S]*?\)\s*from)\b|\(\s*(?:from|table)\b|\b(?:\w*json\w*|struct\w*|row|\w*pivot\w*|columns|summarize|describe|hstore|xml\w*|natural|by\s+name|query|query_table)\b/i

function named(column: string, words: ReadonlySet<string>, code: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(column) ? words.has(column) : code.toLowerCase().includes(column)
}

function byWords(node: Table, parents: readonly UniqueId[], carried: ColumnSets): Set<string> {
  const code = codeOf(node)
  if (code === null || WHOLE_ROWS.test(code)) return new Set(['*'])
  const words = new Set(code.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [])
  const star = /\*/.test(code.replace(/count\s*\(\s*\*\s*\)/gi, ''))
  const found = new Set<string>()
  for (const parent of parents) {
    for (const column of carried.get(parent) ?? []) {
      // Named, it may have become anything.
      if (column === '*' || named(column, words, code)) return new Set(['*'])
      if (star) found.add(column)
    }
  }
  return found
}

/** The SQL of a table, or null when templates hide what it reads. */
function codeOf(node: Table): string | null {
  if (!('raw_code' in node) || ('language' in node && node.language !== 'sql')) return null
  const compiled = 'compiled_code' in node ? node.compiled_code : undefined
  if (typeof compiled === 'string' && compiled !== '') return withoutComments(compiled)
  const plain = node.raw_code.replace(PLAIN_JINJA, ' ')
  return /\{\{|\{%/.test(plain) ? null : withoutComments(plain)
}

function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*/g, ' ').replace(/\/\*[\s\S]*?\*\//g, ' ')
}
