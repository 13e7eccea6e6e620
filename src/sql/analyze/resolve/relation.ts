import { type Source, Sources } from './sources.js'

export interface Column {
  /** Null: an expression nobody named. */
  readonly name: string | null
  readonly sources: Sources
  /** The warehouse's name of the type, where the schema said it and nothing changed it. */
  readonly type?: string | null | undefined
}

/** Columns that are not listed: any name may be one of them, except those left out. */
export interface OpenColumns {
  readonly label: string
  /** They can be asked for, but `*` does not list them: fields of an unnested value. */
  readonly implied?: boolean
  get(name: string): Sources | undefined
}

/** What a query gives: its columns, and where `*` could not be expanded, how to find the others. */
export interface Shape {
  readonly columns: readonly Column[]
  readonly open: readonly OpenColumns[]
}

export const NO_COLUMNS: Shape = { columns: [], open: [] }

/** Something in a FROM clause under its name. */
export interface Relation extends Shape {
  /** Database, schema, name; or the alias alone. Lower case. */
  readonly names: readonly string[]
}

/** A table whose columns nobody knows: every name is one of them. */
export function openTable(table: string, printed: boolean): OpenColumns {
  return { label: table, get: (name) => Sources.of(table, name, printed) }
}

/** Whatever is asked of it is made of the same: an unnested value, a function's rows. */
export function openValue(label: string, made: Iterable<Source>): OpenColumns {
  const sources = new Sources()
  sources.addAll(made, 'computed')
  return { label, get: () => sources }
}

export function without(open: readonly OpenColumns[], names: ReadonlySet<string>): OpenColumns[] {
  if (names.size === 0) return [...open]
  return open.map(({ label, get }) => ({
    label,
    get: (name) => (names.has(name.toLowerCase()) ? undefined : get(name)),
  }))
}

export function columnNamed({ columns }: Shape, name: string): Column | undefined {
  const wanted = name.toLowerCase()
  if (columns.length < FEW) return columns.find((column) => column.name?.toLowerCase() === wanted)
  let index = indexes.get(columns)
  if (index === undefined) indexes.set(columns, (index = indexOf(columns)))
  return index.get(wanted)
}

/** Up to here looking through them costs less than an index. */
const FEW = 8

/** Made when first needed, for as long as the list lives; lists of columns never change. */
const indexes = new WeakMap<readonly Column[], ReadonlyMap<string, Column>>()

function indexOf(columns: readonly Column[]): ReadonlyMap<string, Column> {
  const index = new Map<string, Column>()
  for (const column of columns) {
    const key = column.name?.toLowerCase()
    if (key !== undefined && !index.has(key)) index.set(key, column)
  }
  return index
}

/** The same relation under other column names: `as t (a, b)`. */
export function renameColumns(shape: Shape, names: readonly string[]): Shape {
  if (names.length === 0) return shape
  const columns = shape.columns.map((column, i) => (names[i] === undefined ? column : { ...column, name: names[i]! }))
  if (shape.columns.length >= names.length || shape.open.length === 0) return { ...shape, columns }
  // Names for columns that are not listed: made of whatever the relation is.
  const more = names.slice(columns.length).map((name) => {
    const sources = new Sources()
    for (const open of shape.open) sources.addAll(open.get(name) ?? [])
    return { name, sources }
  })
  return { columns: [...columns, ...more], open: shape.open }
}

export function relation(names: readonly string[], shape: Shape): Relation {
  return { names: names.map((name) => name.toLowerCase()), columns: shape.columns, open: shape.open }
}

/** Do these qualifiers (`schema.table`) mean a relation of these names? */
export function isNamed({ names }: Relation, qualifiers: readonly string[]): boolean {
  if (qualifiers.length > names.length) return false
  const offset = names.length - qualifiers.length
  return qualifiers.every((each, i) => names[offset + i] === each.toLowerCase())
}

/** Names and types of the fields of DuckDB's `STRUCT(a INTEGER, b STRUCT(c VARCHAR))`; undefined for other types. */
export function structFields(type: string | null | undefined): { name: string; type: string }[] | undefined {
  const inside = /^STRUCT\s*\(([\s\S]*)\)$/i.exec(type ?? '')?.[1]
  if (inside === undefined) return undefined
  const fields: string[] = []
  let depth = 0
  let quoted = false
  let start = 0
  for (let i = 0; i < inside.length; i++) {
    const c = inside[i]
    if (c === '"') quoted = !quoted
    else if (quoted) continue
    else if (c === '(') depth++
    else if (c === ')') depth--
    else if (c === ',' && depth === 0) {
      fields.push(inside.slice(start, i))
      start = i + 1
    }
  }
  fields.push(inside.slice(start))
  return fields.flatMap((field) => {
    const match = /^\s*(?:"((?:[^"]|"")*)"|(\S+))\s+([\s\S]+?)\s*$/.exec(field)
    return match === null ? [] : [{ name: match[1]?.replaceAll('""', '"') ?? match[2]!, type: match[3]! }]
  })
}
