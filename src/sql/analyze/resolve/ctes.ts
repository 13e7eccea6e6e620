import { isAst, listOf, nameOf, namesOf } from './ast.js'
import { branchesOf } from './branches.js'
import { type Column, renameColumns, type Shape } from './relation.js'
import type { Resolver } from './resolver.js'
import { type Cte, Scope } from './scope.js'
import { Sources } from './sources.js'

/** A scope that knows the CTEs of a WITH clause; each sees those before it, a recursive one itself as well. */
export function addCtes(clause: unknown, outer: Scope | null): Scope | null {
  if (!isAst(clause)) return outer
  let env = outer
  for (const cte of listOf(clause['ctes'])) {
    if (!isAst(cte)) continue
    const name = nameOf(cte['alias'])
    if (name === null) continue
    const entry: Cte = {
      name,
      query: cte['this'],
      columnNames: namesOf(cte['columns']),
      recursive: clause['recursive'] === true,
      env,
      shape: undefined,
    }
    env = new Scope(env, { cte: entry })
  }
  return env
}

/** What a CTE gives; worked out when it is first read, so that those nobody reads count for nothing. */
export function shapeOfCte(r: Resolver, cte: Cte): Shape {
  if (cte.shape !== undefined) return cte.shape
  const branches = cte.recursive ? branchesOf(cte.query) : []
  if (branches.length < 2 || !mentions(branches.slice(1), cte.name)) {
    cte.shape = renameColumns(r.query(cte.query, cte.env), cte.columnNames)
    return cte.shape
  }
  // The first branch stands for the whole until the others, which read it, have added what they are made of.
  const env = new Scope(cte.env, { cte })
  const withClause = isAst(cte.query) ? (cte.query['union'] as { with?: unknown } | undefined)?.with : undefined
  const inner = addCtes(withClause, env)
  const anchor = renameColumns(r.query(branches[0], inner), cte.columnNames)
  const columns: Column[] = anchor.columns.map((column) => {
    const sources = new Sources()
    sources.addAll(column.sources)
    return { ...column, sources }
  })
  cte.shape = { columns, open: anchor.open }
  for (let changed = true, rounds = 0; changed && rounds < 10; rounds++) {
    changed = false
    for (const branch of branches.slice(1)) {
      const shape = r.query(branch, inner)
      columns.forEach((column, i) => {
        if (column.sources.addAll([...(shape.columns[i]?.sources ?? [])])) changed = true
      })
    }
  }
  return cte.shape
}

function mentions(nodes: unknown, name: string): boolean {
  return JSON.stringify(nodes).toLowerCase().includes(JSON.stringify(name).toLowerCase())
}
