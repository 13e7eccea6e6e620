import { type Ast, as, dottedParts, isAst, listOf, nameOf, namesOf } from './ast.js'
import { sealPrint } from './fingerprint.js'
import {
  type Column,
  NO_COLUMNS,
  type OpenColumns,
  openValue,
  type Relation,
  type Shape,
  structFields,
  without,
} from './relation.js'
import type { Resolver } from './resolver.js'
import type { Scope } from './scope.js'
import { Sources } from './sources.js'

/** `*`, `t.*`, with EXCLUDE (EXCEPT), REPLACE and RENAME. */
export function expandStar(r: Resolver, star: Ast, scope: Scope): Shape {
  const table = nameOf(star['table'])
  const all = table === null ? everything(scope) : ofTable(r, table, scope)
  const excluded = new Set(namesOf(star['except']).map((name) => name.split('.').at(-1)!.toLowerCase()))
  const replaced = new Map<string, unknown>()
  for (const each of listOf(star['replace'])) {
    if (!isAst(each)) continue
    const alias = each['this'] === undefined ? (as(each, 'alias') ?? each) : each
    const name = nameOf(alias['alias'])
    if (name !== null) replaced.set(name.toLowerCase(), alias['this'])
  }
  const renamed = new Map<string, string>()
  for (const pair of listOf(star['rename'])) {
    const [from, to] = namesOf(pair)
    if (from !== undefined && to !== undefined) renamed.set(from.toLowerCase(), to)
  }
  const columns = all.columns.flatMap((column) => {
    const key = column.name?.toLowerCase() ?? ''
    if (excluded.has(key)) return []
    const replacement = replaced.get(key)
    const made = replacement === undefined ? column : { name: column.name, sources: madeOf(r, replacement, scope) }
    return [{ ...made, name: renamed.get(key) ?? column.name }]
  })
  const listed = new Set([...columns.map((column) => column.name?.toLowerCase() ?? ''), ...excluded])
  // What is replaced or renamed of columns that are not known is known by that.
  if (all.open.length > 0) {
    for (const [name, expression] of replaced)
      if (!listed.has(name)) columns.push({ name, sources: madeOf(r, expression, scope) })
    for (const [from, to] of renamed)
      for (const each of all.open) columns.push({ name: to, sources: each.get(from) ?? new Sources() })
  }
  return { columns, open: without(all.open, new Set([...excluded, ...renamed.keys()])) }
}

function madeOf(r: Resolver, expression: unknown, scope: Scope): Sources {
  const sources = new Sources()
  r.expression(expression, scope, sources, 'pure')
  if (r.clauses !== undefined) sealPrint(sources, expression)
  return sources
}

/** All relations' columns; those joined by USING once, with what they are merged of. */
export function everything(scope: Scope): Shape {
  const columns = scope.relations.flatMap((each) =>
    each.columns.flatMap((column) => {
      if (scope.hidden.has(column)) return []
      const merged = column.name === null ? undefined : scope.merged.get(column.name.toLowerCase())
      return [merged === undefined ? column : { ...merged, name: column.name }]
    }),
  )
  return { columns, open: scope.relations.flatMap((each) => listed(each.open)) }
}

function listed(open: readonly OpenColumns[]): OpenColumns[] {
  return open.filter(({ implied }) => implied !== true)
}

function ofTable(r: Resolver, table: string, scope: Scope): Shape {
  const relation = findRelation(scope, table.split('.'))
  if (relation !== undefined) return { columns: relation.columns, open: listed(relation.open) }
  const fields = fieldsOf(r, { column: { name: { name: table }, table: null } }, scope)
  if (fields !== undefined) return { columns: fields, open: [] }
  const found = scope.find(table.split('.'), 'column', () => {})
  if (found !== undefined) return { columns: [], open: [openValue(table, found.sources)] }
  r.note(`${table}.* is of nothing read here`)
  return NO_COLUMNS
}

function findRelation(scope: Scope, parts: readonly string[]): Relation | undefined {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    const relation = at.relationNamed(parts)
    if (relation !== undefined) return relation
  }
  return undefined
}

/** The fields of a column whose type is known to be a struct. */
export function fieldsOf(r: Resolver, node: unknown, scope: Scope): Column[] | undefined {
  const type = typeOf(node, scope)
  return fieldColumns(r, node, structFields(type), scope)
}

/** What `unnest(x)` gives where a struct is taken apart: x itself, or with `recursive` whatever the lists in it hold. */
export function unnestedFields(r: Resolver, args: readonly unknown[], scope: Scope): Column[] | undefined {
  const [node, ...options] = args
  const recursive = options.some((each) => {
    const { name, value } = as(each, 'named_argument') ?? {}
    return nameOf(name)?.toLowerCase() === 'recursive' && as(value, 'boolean')?.['value'] === true
  })
  if (!recursive) return fieldsOf(r, node, scope)
  return fieldColumns(r, node, leaves(typeOf(node, scope)), scope)
}

type Field = NonNullable<ReturnType<typeof structFields>>[number]

/** Fields of fields, through lists; undefined when there is no struct at all. */
function leaves(type: string | null | undefined): Field[] | undefined {
  return structFields(type?.replace(/(?:\[\d*\])+$/, ''))?.flatMap((field) => leaves(field.type) ?? [field])
}

function typeOf(node: unknown, scope: Scope): string | null | undefined {
  const parts = dottedParts(node)
  const found = parts && scope.find(parts, 'column', () => {})
  return found?.part === false ? found.column?.type : undefined
}

function fieldColumns(r: Resolver, node: unknown, fields: readonly Field[] | undefined, scope: Scope) {
  if (fields === undefined) return undefined
  const sources = new Sources()
  r.expression(node, scope, sources, 'computed')
  return fields.map(({ name, type }): Column => ({ name, sources, type }))
}
