import type { TableInSql } from '../adapter.js'

type Json = { readonly [key: string]: unknown }

/**
 * Tables in a query as DuckDB writes its own syntax tree (`json_serialize_sql`), names of CTEs left out where they hold.
 * @returns undefined for what has no tree: statements that are no SELECT, and errors.
 */
export function tablesInQuery(tree: unknown): TableInSql[] | undefined {
  if (!isObject(tree) || tree['error'] === true) return undefined
  const found: TableInSql[] = []
  visit(tree['statements'], new Set(), found)
  return found
}

function visit(node: unknown, ctes: ReadonlySet<string>, found: TableInSql[]): void {
  if (Array.isArray(node)) {
    for (const each of node) visit(each, ctes, found)
    return
  }
  if (!isObject(node)) return
  if (node['type'] === 'BASE_TABLE') addTable(node, ctes, found)
  const inside = withCtes(node, ctes, found)
  for (const key in node) if (key !== 'cte_map') visit(node[key], inside, found)
}

/** A CTE sees those before it, and itself where it is recursive; a plain one reads the table of its own name. */
function withCtes(node: Json, ctes: ReadonlySet<string>, found: TableInSql[]): ReadonlySet<string> {
  const map = isObject(node['cte_map']) ? node['cte_map']['map'] : undefined
  if (!Array.isArray(map) || map.length === 0) return ctes
  const seen = new Set(ctes)
  for (const entry of map as readonly Json[]) {
    const name = String(entry['key']).toLowerCase()
    const query = isObject(entry['value']) ? entry['value']['query'] : undefined
    const body = isObject(query) ? query['node'] : undefined
    const recursive = isObject(body) && body['type'] === 'RECURSIVE_CTE_NODE'
    visit(entry['value'], recursive ? new Set([...seen, name]) : seen, found)
    seen.add(name)
  }
  return seen
}

function addTable(node: Json, ctes: ReadonlySet<string>, found: TableInSql[]): void {
  const parts = [node['catalog_name'], node['schema_name'], node['table_name']].flatMap((part) =>
    typeof part === 'string' && part !== '' ? [part] : [],
  )
  if (parts.length === 1 && ctes.has(parts[0]!.toLowerCase())) return
  const at = Number(node['query_location'])
  found.push({ parts, at: Number.isSafeInteger(at) ? at : undefined })
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
