import { type Ast, as } from './ast.js'
import { branchesOf } from './branches.js'
import { addCtes } from './ctes.js'
import { type Column, columnNamed, type OpenColumns, type Shape } from './relation.js'
import type { Resolver } from './resolver.js'
import { Scope } from './scope.js'
import { orderBy } from './select.js'
import { Sources } from './sources.js'

/** UNION: each column is made of those at its place in every branch (of its name, where it says BY NAME). */
export function resolveUnion(r: Resolver, node: unknown, outer: Scope | null): Shape {
  const union = as(node, 'union') ?? {}
  const env = addCtes(union['with'], outer)
  const shapes = branchesOf(node).map((branch) => r.query(branch, env))
  const byName = hasByName(node) || shapes.some(({ open }) => open.length > 0)
  const shape = byName ? mergeByName(shapes) : mergeByPlace(shapes)
  orderResult(r, union, shape, env)
  return shape
}

/** EXCEPT and INTERSECT: values come from the left; the right decides which of them. */
export function resolveDifference(r: Resolver, operation: Ast, outer: Scope | null): Shape {
  const env = addCtes(operation['with'], outer)
  const left = r.query(operation['left'], env)
  const right = r.query(operation['right'], env)
  for (const column of right.columns) r.rows.addAll(column.sources, 'filtered')
  orderResult(r, operation, left, env)
  return left
}

function orderResult(r: Resolver, operation: Ast, shape: Shape, env: Scope | null): void {
  if (operation['order_by'] == null) return
  const scope = new Scope(env)
  for (const { name, sources } of shape.columns)
    if (name !== null) scope.aliases.set(name.toLowerCase(), { resolve: () => sources })
  orderBy(r, operation['order_by'], shape, scope)
}

function hasByName(node: unknown): boolean {
  const union = as(node, 'union')
  return union !== undefined && (union['by_name'] === true || hasByName(union['left']))
}

function mergeByPlace(shapes: readonly Shape[]): Shape {
  const columns = shapes[0]!.columns.map((column, i): Column => {
    const sources = new Sources()
    for (const shape of shapes) sources.addAll(shape.columns[i]?.sources ?? [])
    return { ...column, sources }
  })
  return { columns, open: [] }
}

function mergeByName(shapes: readonly Shape[]): Shape {
  const columns: Column[] = []
  const seen = new Set<string>()
  for (const shape of shapes) {
    for (const column of shape.columns) {
      const name = column.name
      if (name === null || seen.has(name.toLowerCase())) continue
      seen.add(name.toLowerCase())
      const sources = new Sources()
      for (const other of shapes) {
        const same = columnNamed(other, name)
        if (same !== undefined) sources.addAll(same.sources)
        else for (const open of other.open) sources.addAll(open.get(name) ?? [])
      }
      columns.push({ ...column, sources })
    }
  }
  const open: OpenColumns[] = shapes.some((shape) => shape.open.length > 0)
    ? [
        {
          label: shapes.flatMap((shape) => shape.open.map(({ label }) => label)).join(', '),
          get: (name) => inAll(shapes, name),
        },
      ]
    : []
  return { columns, open }
}

/** A column that is not listed, of every branch that may have it. */
function inAll(shapes: readonly Shape[], name: string): Sources | undefined {
  const sources = new Sources()
  let found = false
  for (const shape of shapes) {
    const column = columnNamed(shape, name)
    if (column !== undefined) sources.addAll(column.sources)
    for (const open of shape.open) {
      const more = open.get(name)
      if (more === undefined) continue
      found = true
      sources.addAll(more)
    }
  }
  return found ? sources : undefined
}
