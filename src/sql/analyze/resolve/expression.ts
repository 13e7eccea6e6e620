import { type Ast, as, dottedParts, isAst, kindOf, listOf, nameOf, namesOf, unwrapped } from './ast.js'
import { columnsCall, pickColumns } from './columns-call.js'
import { isAggregateName, isDatePart, takesDatePart } from './function-names.js'
import type { Resolver } from './resolver.js'
import { Scope } from './scope.js'
import { NOTHING, type Sources, type Use, within } from './sources.js'

interface Visit {
  readonly r: Resolver
  readonly scope: Scope
  readonly into: Sources
  readonly use: Use
}

type Handler = (body: Ast, visit: Visit, node: Ast) => void

/**
 * Adds the columns an expression is made of. Only nodes that bring names into play are known by kind; everything else
 * is a computation with whatever lies below it.
 */
export function resolveExpression(r: Resolver, node: unknown, scope: Scope, into: Sources, use: Use): void {
  const inner = unwrapped(node)
  const parts = dottedParts(inner)
  if (parts !== undefined) addColumn(parts, { r, scope, into, use })
  else visit(inner, { r, scope, into, use: within(use, use === 'pure' ? 'computed' : use) })
}

function visit(value: unknown, at: Visit): void {
  if (Array.isArray(value)) {
    for (const each of value) visit(each, at)
    return
  }
  if (!isAst(value)) return
  const kind = kindOf(value)
  if (kind === undefined) {
    for (const key in value) if (key !== 'span') visit(value[key], at)
    return
  }
  const body = value[kind]
  const handler = isAst(body) ? HANDLERS[kind] : undefined
  if (!isAst(body)) visit(body, at)
  else if (handler !== undefined) handler(body, at, value)
  else if ('filter' in body && 'distinct' in body) aggregate(body, at)
  else visit(body, at)
}

function addColumn(
  parts: readonly string[],
  { r, scope, into, use }: Visit,
  prefer: 'column' | 'alias' = 'column',
): void {
  const numbered = /^#(\d+)$/.exec(parts[0]!)
  const found =
    numbered === null
      ? scope.find(parts, prefer, (text) => r.note(text))
      : { sources: columnAt(scope, Number(numbered[1])), part: false }
  if (found === undefined) r.note(`${parts.join('.')} is not a column of anything read here`)
  else into.addAll(found.sources, found.part ? within(use, use === 'pure' ? 'computed' : use) : use)
}

function columnAt(scope: Scope, position: number) {
  return scope.relations.flatMap((each) => each.columns)[position - 1]?.sources ?? NOTHING
}

/** Arguments make the value, `filter` and `order by` decide which rows it is made of. */
function aggregate(body: Ast, at: Visit): void {
  const inner = { ...at, use: within(at.use, 'aggregated') }
  for (const key in body) {
    if (key === 'filter') visit(body[key], { ...at, use: within(at.use, 'filtered') })
    else if (key === 'order_by') visit(body[key], { ...at, use: within(at.use, 'ordered') })
    else visit(body[key], inner)
  }
}

/** A sub-query as a value: its columns; what it filters and joins by has joined the statement's rows. */
function subquery(node: unknown, at: Visit): void {
  const shape = at.r.query(node, at.scope)
  for (const column of shape.columns) at.into.addAll(column.sources, at.use)
}

function overWindow(over: unknown, at: Visit): void {
  if (!isAst(over)) return
  const name = nameOf(over['window_name'])
  if (name !== null) overWindow(at.scope.findWindow(name), at)
  visit(over['partition_by'], { ...at, use: within(at.use, 'partitioned') })
  visit(over['order_by'], { ...at, use: within(at.use, 'ordered') })
  visit(over['frame'], { ...at, use: within(at.use, 'ordered') })
}

/** Every column in reach: `*` as an argument. */
function allColumns(body: Ast, { scope, into, use }: Visit): void {
  const table = nameOf(body['table'])
  for (const each of scope.relations) {
    if (table !== null && each.names.at(-1) !== table.toLowerCase()) continue
    for (const column of each.columns) into.addAll(column.sources, use)
  }
}

/** The one column that stands for COLUMNS() in a select list; elsewhere (WHERE) all that it picks. */
function columnsPicked({ r, scope, into, use }: Visit, node: unknown): void {
  const call = columnsCall(node)
  if (scope.pick !== undefined) into.addAll(scope.pick.sources, use)
  else if (call !== undefined) for (const { sources } of pickColumns(r, call, scope).columns) into.addAll(sources, use)
}

function skip(): void {}

const HANDLERS: Readonly<Record<string, Handler>> = {
  column(_body, at, node) {
    const parts = dottedParts(node)
    if (parts !== undefined) addColumn(parts, at)
  },
  dot(body, at, node) {
    const parts = dottedParts(node)
    if (parts === undefined) visit(body['this'], at)
    else addColumn(parts, at)
  },
  lambda(body, at) {
    visit(body['body'], { ...at, scope: new Scope(at.scope, { locals: namesOf(body['parameters']) }) })
  },
  comprehension(body, at) {
    visit(body['iterator'], at)
    const locals = [body['expression'], body['position']].flatMap((each) => nameOf(unwrapped(each)) ?? [])
    const inner = { ...at, scope: new Scope(at.scope, { locals }) }
    visit(body['this'], inner)
    visit(body['condition'], inner)
  },
  window_function(body, at) {
    const over = as(body, 'over')
    visit(body['this'], at)
    overWindow(over, at)
    visit(body['keep'], at)
  },
  within_group(body, at) {
    const call = body['this']
    const ordersText = as(call, 'list_agg') !== undefined || as(call, 'string_agg') !== undefined
    visit(call, { ...at, use: within(at.use, 'aggregated') })
    visit(body['order_by'], { ...at, use: within(at.use, ordersText ? 'ordered' : 'aggregated') })
  },
  function(body, at) {
    const name = (nameOf(body['name']) ?? '').toLowerCase()
    if (name === 'columns') {
      columnsPicked(at, { function: body })
      return
    }
    const inner = isAggregateName(name) ? { ...at, use: within(at.use, 'aggregated') } : at
    const args = listOf(body['args'])
    const parted = takesDatePart(name)
    for (const arg of args) {
      const part = dottedParts(arg)
      if (parted && part?.length === 1 && isDatePart(part[0]!)) continue
      visit(arg, inner)
    }
    for (const key in body) {
      if (key === 'order_by') visit(body[key], { ...at, use: within(at.use, 'ordered') })
      else if (key === 'filter') visit(body[key], { ...at, use: within(at.use, 'filtered') })
    }
  },
  columns: (_body, at, node) => columnsPicked(at, node),
  star: allColumns,
  subquery: (_body, at, node) => subquery(node, at),
  select: (_body, at, node) => subquery(node, at),
  union: (_body, at, node) => subquery(node, at),
  intersect: (_body, at, node) => subquery(node, at),
  except: (_body, at, node) => subquery(node, at),
  exists(body, at) {
    at.r.query(body['this'], at.scope)
  },
  in(body, at) {
    visit(body['this'], at)
    visit(body['expressions'], at)
    visit(body['unnest'], at)
    if (isAst(body['query'])) subquery(body['query'], at)
  },
  alias: (body, at) => visit(body['this'], at),
  named_argument: (body, at) => visit(body['value'], at),
  cast: (body, at) => visit(body['this'], at),
  try_cast: (body, at) => visit(body['this'], at),
  safe_cast: (body, at) => visit(body['this'], at),
  literal: skip,
  identifier: skip,
  parameter: skip,
  interval(body, at) {
    visit(body['this'], at)
  },
}

/** As `resolveExpression`, where aliases of the select list come before columns: ORDER BY. */
export function resolveByAlias(r: Resolver, node: unknown, scope: Scope, into: Sources, use: Use): void {
  const parts = dottedParts(unwrapped(node))
  if (parts?.length === 1) addColumn(parts, { r, scope, into, use }, 'alias')
  else resolveExpression(r, node, scope, into, use)
}
